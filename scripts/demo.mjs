/** `npm run demo`: sets up, then runs the demo in `examples/files` until Ctrl-C. */
import { endChildrenOnSignal, run } from './processes.mjs'
import { SetUpError } from './set-up-error.mjs'
import { setUp } from './setup.mjs'

endChildrenOnSignal()
try {
  // The pages open in the browser of whoever looks at them.
  await setUp({ browser: false })
  process.exitCode = await run('node', ['examples/files/stack/main.mjs'])
} catch (error) {
  if (!(error instanceof SetUpError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

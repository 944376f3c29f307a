/** `npm run demo`: sets up, then runs the demo in `examples/files` until Ctrl-C. */
import { asCommand } from './command.mjs'
import { run } from './processes.mjs'
import { setUp } from './setup.mjs'

await asCommand(async () => {
  // The pages open in the browser of whoever looks at them.
  await setUp({ browser: false })
  process.exitCode = await run('node', ['examples/files/stack/main.mjs'])
})

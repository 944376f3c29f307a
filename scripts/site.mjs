/** `npm run docs`: sets up, then serves the documents as a site until Ctrl-C; `npm run docs -- build` writes it to `site/dist`. */
import { endChildrenOnSignal, run } from './processes.mjs'
import { SetUpError } from './set-up-error.mjs'
import { setUp } from './setup.mjs'

endChildrenOnSignal()
try {
  await setUp({ browser: false })
  process.exitCode = await run('node', ['site/build.mjs', ...process.argv.slice(2)])
} catch (error) {
  if (!(error instanceof SetUpError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

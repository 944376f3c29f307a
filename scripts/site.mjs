/** `npm run docs`: sets up, then serves the documents as a site until Ctrl-C; `npm run docs -- build` writes it to `site/dist`. */
import { asCommand } from './command.mjs'
import { run } from './processes.mjs'
import { setUp } from './setup.mjs'

await asCommand(async () => {
  await setUp({ browser: false })
  process.exitCode = await run('node', ['site/build.mjs', ...process.argv.slice(2)])
})

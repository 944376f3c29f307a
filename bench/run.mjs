/**
 * `npm run bench`: sets up, bundles and measures.
 *
 *   npm run bench                     everything; prints a table, writes bench/results.json and docs/bench.svg
 *   npm run bench -- --quick          less of everything, in under three minutes
 *   npm run bench -- --record         keeps what was measured as a whole run does, with --only, too
 *   npm run bench -- --json           prints the results alone, as JSON
 *   npm run bench -- --only stream    some keys
 *   npm run bench -- --no-setup       without installing and building first
 *   npm run bench -- codec            the codec alone, from its sources: see codec/run.mjs
 *   npm run bench -- server           the signalling server alone, as it is built: see server/run.mjs
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const given = process.argv.slice(2)
if (given[0] === 'codec') {
  const { benchCodec } = await import('./codec/run.mjs')
  await benchCodec(given)
  process.exit()
}
if (given[0] === 'server') {
  const { benchServer } = await import('./server/run.mjs')
  await benchServer(given)
  process.exit()
}
const bundled = given.indexOf('--sources')
/** A checkout whose packages are bundled from their sources: to compare what is not built. */
const sources = bundled >= 0 ? given.splice(bundled, 2)[1] : undefined
const skipped = given.indexOf('--no-setup')
if (skipped >= 0) given.splice(skipped, 1)

if (
  skipped < 0 &&
  !(await succeeds(fileURLToPath(new URL('../scripts/setup.mjs', import.meta.url)), [], 2))
) {
  process.exit(1)
}
const { buildBench, output } = await import('./build.mjs')
await buildBench({ sources })
process.exitCode = (await succeeds(`${output}/main.mjs`, given, 1)) ? 0 : 1

/** Runs a script with Node; what it prints goes to the given descriptor. @param {string} script @param {string[]} values @param {number} stdout */
async function succeeds(script, values, stdout) {
  const child = spawn(process.execPath, [script, ...values], { stdio: ['ignore', stdout, 2] })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => child.kill(signal))
  const [code] = await once(child, 'exit')
  return code === 0
}

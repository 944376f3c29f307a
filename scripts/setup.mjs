/**
 * Makes a fresh clone ready: `node scripts/setup.mjs`. Needs Node and npm, nothing else, and imports nothing
 * that is not part of Node. `npm test` and `npm run demo` begin with it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canUseApt, installWithApt } from './apt.mjs'
import { findChromium } from './chromium.mjs'
import { asCommand } from './command.mjs'
import { findFirefox } from './firefox.mjs'
import { repository, run } from './processes.mjs'
import { findCaddy, findHaproxy, findRedis } from './server-programs.mjs'
import { SetUpError } from './set-up-error.mjs'

const { packageManager, engines } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'))

/**
 * Installs the dependencies and builds the packages, and makes sure that a Chromium is there, and a Firefox, a
 * Redis, a haproxy and a Caddy where they can be had.
 *
 * @param {{ browser?: boolean }} [options] `browser: false` does without browsers
 * @throws {SetUpError}
 */
export async function setUp({ browser = true } = {}) {
  requireNode()
  await install()
  if (browser) {
    await ensureChromium()
    await tryForFirefox()
    await tryForServerPrograms()
  }
  await build()
}

/** Runs pnpm at the pinned version, through npx: there is none on a fresh machine. @param {string[]} args */
export function pnpm(...args) {
  // CI=true: pnpm asks no questions, and there may be nobody to answer.
  return run('npx', ['-y', packageManager, ...args], { env: { CI: 'true' } })
}

async function install() {
  if ((await pnpm('install', '--frozen-lockfile')) !== 0) {
    throw new SetUpError(
      'Installing the dependencies failed; pnpm says why above. Is the npm registry reachable?',
    )
  }
}

async function build() {
  if ((await pnpm('-r', '--filter', './packages/*', 'run', 'build')) !== 0) {
    throw new SetUpError('Building the packages failed; the first error above says where.')
  }
}

async function ensureChromium() {
  const found = await findChromium()
  if (found) return console.log(`Chromium: ${found}`)
  console.log('No Chromium on this machine (CHROMIUM_PATH would name one): installing it.')
  if (canUseApt()) await installWithApt('chromium')
  if (!(await findChromium())) await installWithPlaywright()
  const installed = await findChromium()
  if (!installed) {
    throw new SetUpError(
      'Chromium could not be installed. Install it yourself and set CHROMIUM_PATH to its path.',
    )
  }
  console.log(`Chromium: ${installed}`)
}

async function installWithPlaywright() {
  console.log("Downloading Playwright's Chromium.")
  const playwright = join(repository, 'node_modules', '.bin', 'playwright')
  // The libraries that it needs can only be added with the right to install packages.
  if (canUseApt()) await run(playwright, ['install-deps', 'chromium'])
  await run(playwright, ['install', 'chromium'])
}

/** Tests that need Firefox are skipped without one, and counted so: not every machine can have it. */
async function tryForFirefox() {
  if (!findFirefox() && canUseApt()) {
    console.log('No Firefox on this machine (FIREFOX_PATH would name one): installing it.')
    await installWithApt('firefox-esr')
  }
  const firefox = findFirefox()
  if (firefox) console.log(`Firefox: ${firefox}`)
  else console.warn('There is no Firefox, and none could be installed: tests that need one will be skipped.')
}

/** What stands beside a signalling server, by the names of Debian's packages. */
const serverPrograms = { 'redis-server': findRedis, haproxy: findHaproxy, caddy: findCaddy }

/** Tests that need one of these are skipped without it, and counted so: not every machine can have them. */
async function tryForServerPrograms() {
  const missing = Object.entries(serverPrograms).flatMap(([name, find]) => (find() ? [] : [name]))
  if (missing.length > 0 && canUseApt()) {
    console.log(`Installing ${missing.join(', ')}, for the tests of the signalling server.`)
    await installWithApt(...missing)
  }
  for (const [name, find] of Object.entries(serverPrograms)) {
    const path = find()
    if (path) console.log(`${name}: ${path}`)
    else console.warn(`There is no ${name}, and none could be installed: tests that need it will be skipped.`)
  }
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetUpError(`Node ${engines.node} is needed, and this is ${process.version}.`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await asCommand(() => setUp())
}

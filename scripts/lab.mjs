/**
 * `npm run lab`: sets up, then runs the lab's scenarios; arguments choose those whose name contains one of them.
 * Needs root on Linux; elsewhere it says so and is skipped. `npm test -- --lab` runs it behind everything else.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { canUseApt, installWithApt } from './apt.mjs'
import { outcome, tool } from './checks.mjs'
import { findChromium } from './chromium.mjs'
import { asCommand } from './command.mjs'
import { repository, run } from './processes.mjs'
import { setUp } from './setup.mjs'

const lab = join(repository, 'lab')

/** What the lab runs that is neither Node nor Chromium, and the Debian package that has it. */
const tools = { ip: 'iproute2', iptables: 'iptables', python3: 'python3-minimal', turnserver: 'coturn' }

/**
 * Runs the lab, or says why it cannot run here, which counts as skipped.
 *
 * @param {readonly string[]} [wanted] parts of scenarios' names; none for all
 * @returns {Promise<import('./checks.mjs').Counts>}
 */
export async function runLab(wanted = []) {
  const obstacle = await findObstacle()
  if (obstacle) {
    console.log(`The lab is skipped: ${obstacle}`)
    return { passed: 0, failures: [], skipped: 1 }
  }
  if ((await run(tool('tsup'), [], { cwd: lab })) !== 0) return outcome(false, 'building the lab')
  const path = join(repository, '.cache', 'counts', 'lab.json')
  mkdirSync(dirname(path), { recursive: true })
  rmSync(path, { force: true })
  await run('node', ['--enable-source-maps', join(lab, 'dist/run.js'), ...wanted], {
    env: { NANOPEER_COUNTS: path, CHROMIUM_PATH: (await findChromium()) ?? '' },
  })
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'))
  return outcome(false, 'The lab ended before it could report.')
}

/** Why the lab cannot run here; undefined where it can. Installs what is missing, where that is possible. */
async function findObstacle() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return 'it needs root on Linux, for network namespaces of its own.'
  }
  const missing = Object.entries(tools).filter(([name]) => !isInstalled(name))
  if (missing.length > 0 && canUseApt()) await installWithApt(...missing.map(([, name]) => name))
  const stillMissing = missing.filter(([name]) => !isInstalled(name))
  if (stillMissing.length > 0) {
    return `install ${stillMissing.map(([name, owner]) => `${name} (Debian: ${owner})`).join(', ')}.`
  }
  if (!canMakeNetworks())
    return 'this machine, or its container, lets nobody make network namespaces with a NAT.'
  return undefined
}

/** @param {string} name */
const isInstalled = (name) => spawnSync('sh', ['-c', `command -v ${name}`]).status === 0

/** Tries what every scenario needs, and leaves nothing behind. */
function canMakeNetworks() {
  const name = `nanopeer-lab-${process.pid}-probe`
  const script = `
    ip netns add ${name} &&
    ip -n ${name} link add wan type bridge &&
    ip -n ${name} link add lan type veth peer name other &&
    ip netns exec ${name} iptables -t nat -A POSTROUTING -o wan -j MASQUERADE --random-fully &&
    ip netns exec ${name} iptables -A INPUT -m conntrack --ctstate ESTABLISHED -m statistic \\
      --mode random --probability 0.5 -j DROP`
  const { status } = spawnSync('sh', ['-c', script])
  spawnSync('ip', ['netns', 'delete', name])
  return status === 0
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2).filter((argument) => argument !== '--no-setup')
  await asCommand(async () => {
    if (!process.argv.includes('--no-setup')) await setUp()
    const { failures } = await runLab(wanted)
    process.exitCode = failures.length > 0 ? 1 : 0
  })
}

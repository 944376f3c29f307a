import { existsSync } from 'node:fs'
import { run } from './processes.mjs'

/** Whether this process may install packages of the distribution: root, on Debian or Ubuntu. */
export const canUseApt = () => process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')

/** Installs packages of the distribution. @param {...string} packages */
export async function installWithApt(...packages) {
  // At this run level the system starts no service of what is installed: tests start what they need.
  const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  await run('apt-get', ['update', '-q'], { env })
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env })
}

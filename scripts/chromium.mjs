import { existsSync } from 'node:fs'
import { SetUpError } from './set-up-error.mjs'

/** Chromium's arguments for tests: they let it run as root, keep quiet, and show loopback ICE candidates. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]

const systemChromium = ['/usr/bin/chromium', '/usr/bin/google-chrome']

/**
 * The Chromium on this machine: `CHROMIUM_PATH`, then the distribution's, then Playwright's own download.
 *
 * @returns {Promise<string | undefined>} its absolute path, undefined where there is none
 * @throws {SetUpError} when `CHROMIUM_PATH` names a file that does not exist
 */
export async function findChromium() {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen) {
    if (existsSync(chosen)) return chosen
    throw new SetUpError(`CHROMIUM_PATH is ${chosen}, and there is no such file.`)
  }
  // Playwright is imported here and not at the top: this module is read before anything is installed.
  return systemChromium.find((path) => existsSync(path)) ?? (await playwrightChromium())
}

async function playwrightChromium() {
  const { chromium } = await import('playwright')
  const path = chromium.executablePath()
  return existsSync(path) ? path : undefined
}

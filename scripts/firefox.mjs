import { existsSync } from 'node:fs'
import { SetUpError } from './set-up-error.mjs'

/** Preferences for tests: loopback ICE candidates, shown as they are, and no questions asked. */
export const firefoxPreferences = {
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'network.proxy.type': 0,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.aboutwelcome.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.enabled': false,
}

const systemFirefox = ['/usr/bin/firefox-esr', '/usr/bin/firefox']

/**
 * The stock Firefox on this machine: `FIREFOX_PATH`, then the distribution's.
 *
 * @returns {string | undefined} its absolute path, undefined where there is none
 * @throws {SetUpError} when `FIREFOX_PATH` names a file that does not exist
 */
export function findFirefox() {
  const chosen = process.env.FIREFOX_PATH
  if (!chosen) return systemFirefox.find((path) => existsSync(path))
  if (existsSync(chosen)) return chosen
  throw new SetUpError(`FIREFOX_PATH is ${chosen}, and there is no such file.`)
}

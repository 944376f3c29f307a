import { existsSync } from 'node:fs'

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
 * The stock Firefox on this machine: `FIREFOX_PATH`, then the distribution's. Nothing installs it: tests that need it
 * say that they were skipped.
 *
 * @returns {string | undefined} its absolute path, undefined where there is none
 */
export function findFirefox() {
  const chosen = process.env.FIREFOX_PATH
  return chosen ?? systemFirefox.find((path) => existsSync(path))
}

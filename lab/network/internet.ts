import { createNamespace, type Namespace } from './namespaces'

/** Where the signalling server and the first STUN and TURN address are. */
export const serverAddress = '203.0.113.10'
/** A second address of the same machine: only with two can anybody tell what kind of NAT is in front of them. */
export const secondServerAddress = '203.0.113.11'
export const serverAddresses = [serverAddress, secondServerAddress]

/**
 * Makes the internet: one flat network (RFC 5737, TEST-NET-3) with a machine for the servers on it.
 *
 * @param isLaid homes are plugged in here; else a cable is laid to them, and to these addresses
 */
export const createInternet = (isLaid = true): Namespace => {
  const internet = createNamespace('internet')
  if (isLaid) plugServersIn(internet)
  // What is for nobody vanishes, as it does out there. Told that a peer's private address is unreachable, coturn would
  // give up the whole allocation.
  internet.ip('link', 'add', 'elsewhere', 'type', 'bridge')
  internet.ip('link', 'set', 'elsewhere', 'arp', 'off', 'up')
  internet.ip('route', 'add', 'default', 'dev', 'elsewhere')
  return internet
}

const plugServersIn = (internet: Namespace): void => {
  internet.ip('link', 'add', 'wan', 'type', 'bridge')
  for (const address of serverAddresses) internet.ip('address', 'add', `${address}/24`, 'dev', 'wan')
  internet.ip('link', 'set', 'wan', 'up')
}

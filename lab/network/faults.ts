import { type Home, routeOut } from './home'
import type { Namespace } from './namespaces'

/** The router's line to the internet is down. Returns what brings it back. */
export const cutLine = ({ router }: Home): (() => void) => {
  router.ip('link', 'set', 'wan', 'down')
  return () => {
    router.ip('link', 'set', 'wan', 'up')
    routeOut(router)
  }
}

/**
 * The provider gives the home another address: all that the NAT had in its table is void, as it is when a phone
 * goes from Wi-Fi to mobile.
 */
export const changeAddress = ({ router, address }: Home, next: string): void => {
  router.ip('address', 'delete', `${address}/24`, 'dev', 'wan')
  router.ip('address', 'add', `${next}/24`, 'dev', 'wan')
  routeOut(router)
}

/** A share of all UDP packets through this router is lost, in both directions. 0.02 is 2 %. */
export const losePackets = ({ router }: Home, share: number): void => {
  const random = ['-m', 'statistic', '--mode', 'random', '--probability', String(share)]
  router.execute('iptables', '-w', '-I', 'FORWARD', '-p', 'udp', ...random, '-j', 'DROP')
}

/** Nothing to or from this TCP port gets through any more, and nobody is told. Returns what lets it through again. */
export const swallowPort = (machine: Namespace, port: number): (() => void) => {
  const rules = [
    ['INPUT', '--dport'],
    ['OUTPUT', '--sport'],
  ] as const
  const change = (action: '-I' | '-D') => {
    for (const [chain, side] of rules) {
      machine.execute('iptables', '-w', action, chain, '-p', 'tcp', side, String(port), '-j', 'DROP')
    }
  }
  change('-I')
  return () => change('-D')
}

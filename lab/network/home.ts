import { serverAddress } from './internet'
import { createNamespace, type Namespace } from './namespaces'

/**
 * What a NAT does with the port of a packet that leaves. `cone`: keeps it whatever the destination, so an address
 * learned from a STUN server is good for everybody. `symmetric`: another one for each destination, so it is not.
 */
export type NatKind = 'cone' | 'symmetric'

/** One household: a device behind a router with a NAT and a firewall. */
export interface Home {
  /** The device's machine. */
  readonly device: Namespace
  /** Its router: outside on `wan`, inside on `lan`. */
  readonly router: Namespace
  /** The router's address outside. */
  readonly address: string
}

/**
 * Makes a home; `number` 1 to 9 tells homes apart.
 *
 * @param internet where it is plugged in; null where a cable is laid to its router later
 */
export const createHome = (internet: Namespace | null, number: number, nat: NatKind): Home => {
  const router = createNamespace(`router${number}`)
  const device = createNamespace(`device${number}`)
  const address = `203.0.113.${number}`
  const inside = `192.168.${number}`

  if (internet) {
    router.ip('link', 'add', 'wan', 'type', 'veth', 'peer', 'name', `home${number}`, 'netns', internet.name)
    internet.ip('link', 'set', `home${number}`, 'master', 'wan', 'up')
    router.ip('address', 'add', `${address}/24`, 'dev', 'wan')
    router.ip('link', 'set', 'wan', 'up')
    routeOut(router)
  }

  router.ip('link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'lan', 'netns', device.name)
  router.ip('address', 'add', `${inside}.1/24`, 'dev', 'lan')
  router.ip('link', 'set', 'lan', 'up')
  device.ip('address', 'add', `${inside}.2/24`, 'dev', 'lan')
  device.ip('link', 'set', 'lan', 'up')
  device.ip('route', 'add', 'default', 'via', `${inside}.1`)

  router.execute('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward')
  translate(router, nat)
  return { device, router, address }
}

/** What is for elsewhere goes to the provider. The kernel forgets this when the line goes down. */
export const routeOut = (router: Namespace): void => {
  router.ip('route', 'replace', 'default', 'via', serverAddress)
}

/** Addresses are translated, and nothing comes in that was not asked for. */
const translate = (router: Namespace, nat: NatKind): void => {
  const iptables = (...args: readonly string[]) => router.execute('iptables', '-w', ...args)
  const ports = nat === 'symmetric' ? ['--random-fully'] : []
  iptables('-t', 'nat', '-A', 'POSTROUTING', '-o', 'wan', '-j', 'MASQUERADE', ...ports)
  for (const chain of ['FORWARD', 'INPUT']) {
    const answers = ['-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED']
    iptables('-A', chain, '-i', 'wan', ...answers, '-j', 'ACCEPT')
    iptables('-A', chain, '-i', 'wan', '-j', 'DROP')
  }
}

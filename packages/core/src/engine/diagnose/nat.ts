import type { NatKind } from '../../base/diagnosis'
import { distinct, type RawCandidate } from './gather'

const isIpv4 = (address: string) => /^\d+(\.\d+){3}$/.test(address)

/**
 * Tells the kind of NAT from what several STUN servers saw of the same sockets.
 *
 * A browser drops a reflexive address that it has already, so a NAT with one mapping for all destinations shows one
 * per socket, and a NAT with one mapping per destination shows one per server.
 * Source: https://www.rfc-editor.org/rfc/rfc4787#section-4.1
 *
 * @param candidates - gathered with the same local ports from all the servers.
 * @param answered - how many different hosts or ports are known to answer.
 */
export const natKind = (candidates: readonly RawCandidate[], answered: number): NatKind => {
  const udp = distinct(candidates).filter(({ protocol }) => protocol === 'udp')
  const hosts = udp.filter(({ type }) => type === 'host')
  const reflexive = udp.filter(({ type, address }) => type === 'srflx' && isIpv4(address))
  if (answered === 0) return 'unknown'
  // No translation: what the server saw is an address of our own, which a browser does not list twice.
  const isOwn = ({ address, port }: RawCandidate) =>
    hosts.some((host) => host.address === address && host.port === port)
  if (reflexive.every(isOwn)) return 'open'
  if (answered < 2) return 'unknown'
  return mappings(reflexive, hosts.length) > 1 ? 'symmetric' : 'cone'
}

/** The most mappings that any one socket has. */
const mappings = (reflexive: readonly RawCandidate[], sockets: number): number => {
  const perBase = new Map<string, number>()
  for (const { base } of reflexive) perBase.set(base, (perBase.get(base) ?? 0) + 1)
  const hidden = reflexive.filter(({ isHidden }) => isHidden).length
  // More mappings than there are sockets must mean several for one of them.
  return Math.max(hidden > sockets ? 2 : 1, ...perBase.values())
}

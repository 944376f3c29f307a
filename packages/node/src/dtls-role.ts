import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'

/**
 * Who speaks first in the DTLS handshake: of two ends that run libdatachannel, whoever's ICE connects later, because it
 * leaves unread, until the retransmission a second later, what came before its own did (docs/decisions/0042).
 */

/** libdatachannel signs its descriptions so; browsers send again after 50 ms, and are answered as RFC 8842 recommends. */
const isOfLibdatachannel = (sdp: string): boolean => /^o=rtc /m.test(sdp)

/** Whether the answer to an offer may let the offerer speak first. */
export const leavesRole = ({ type, sdp = '' }: RTCSessionDescriptionInit): boolean =>
  type === 'offer' && isOfLibdatachannel(sdp) && /^a=setup:actpass\r?$/m.test(sdp)

/** Whether the other end of what we offered has the same weakness. */
export const isAnswerOfItsKind = ({ type, sdp = '' }: RTCSessionDescriptionInit): boolean =>
  type === 'answer' && isOfLibdatachannel(sdp)

/**
 * An offer that leaves the roles to us, read as one that takes the first word: then the answer is `a=setup:passive`, one of
 * the two that it may be. Source: https://www.rfc-editor.org/rfc/rfc8842#section-5.3
 */
export const speaksFirst = ({ type, sdp }: RTCSessionDescriptionInit): RTCSessionDescriptionInit => ({
  type,
  sdp: sdp?.replace(/^a=setup:actpass(?=\r?$)/m, 'a=setup:active'),
})

/**
 * Whether a candidate is a host that hears us without having spoken to us first: on a network that this machine is in, or
 * with a public IPv4 address. Then our check reaches it as soon as we know it, and our ICE connects first. Behind a NAT it
 * hears us only after it has spoken, and connects first; behind one, an IPv6 address is public and mostly not heard.
 */
export const isOpen = ({ candidate = '' }: RTCIceCandidateInit): boolean => {
  const [, , , , address = '', , , type] = candidate.split(' ')
  if (type !== 'host') return false
  if (isIPv6(address)) return ownNetworks().check(address, 'ipv6')
  return isIPv4(address) && (!inside.check(address) || ownNetworks().check(address))
}

/** Addresses that mean something within a network only. Source: https://www.rfc-editor.org/rfc/rfc6890 */
const inside = new BlockList()
for (const [network, prefix] of [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const) {
  inside.addSubnet(network, prefix)
}

const ownNetworks = (): BlockList => {
  const networks = new BlockList()
  for (const { address, cidr, family } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) {
    const prefix = Number(cidr?.split('/')[1])
    if (cidr) networks.addSubnet(address, prefix, family === 'IPv6' ? 'ipv6' : 'ipv4')
  }
  return networks
}

import type { IncomingMessage } from 'node:http'
import { isIPv4, isIPv6, type Socket } from 'node:net'

/** The IP address at the other end of a connection. */
export const socketAddress = ({ remoteAddress = '' }: Socket): string => plain(remoteAddress)

/**
 * The IP address of whoever made a request.
 *
 * @param proxies how many proxies in front write `X-Forwarded-For`. Each adds at the end whom it saw, so the entry that
 * the outermost of them wrote can be believed, and nothing before it.
 */
export const clientAddress = (request: IncomingMessage, proxies: number): string => {
  const direct = socketAddress(request.socket)
  if (proxies < 1) return direct
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',')
  const written = plain(forwarded.at(-proxies)?.trim() ?? '')
  return isIPv4(written) || isIPv6(written) ? written : direct
}

/** IPv4 in IPv6's clothes, as sockets that listen to both have it, is IPv4. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, '')

/**
 * What counts as one address in limits: of IPv6 the first 64 bits, which is what one household gets.
 * Source: https://www.rfc-editor.org/rfc/rfc6177#section-2
 */
export const addressGroup = (address: string): string => {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0')
  const groups = [...before, ...zeros, ...after].slice(0, 4)
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

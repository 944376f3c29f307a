import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { addressGroup, clientAddress } from '../../src/http/client-address'

const request = (remoteAddress: string, forwarded?: string) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage

describe('the address of a client', () => {
  it.each([
    ['is the socket’s where no proxy is trusted', 0, '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['is what the proxy wrote last', 1, '10.0.0.1', '192.0.2.66, 198.51.100.1', '198.51.100.1'],
    [
      'is what the outermost of two proxies wrote',
      2,
      '10.0.0.1',
      '192.0.2.66, 198.51.100.1, 10.0.0.2',
      '198.51.100.1',
    ],
    ['is the socket’s where the proxy wrote nothing', 1, '10.0.0.1', undefined, '10.0.0.1'],
    ['is the socket’s where the proxy wrote no address', 1, '10.0.0.1', 'unknown', '10.0.0.1'],
    ['is IPv4 also where it came through IPv6', 0, '::ffff:203.0.113.9', undefined, '203.0.113.9'],
  ])('%s', (_what, proxies, socket, forwarded, expected) => {
    expect(clientAddress(request(socket, forwarded), proxies)).toBe(expected)
  })
})

describe('what counts as one address', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('of %s is %s', (address, group) => {
    expect(addressGroup(address)).toBe(group)
  })
})

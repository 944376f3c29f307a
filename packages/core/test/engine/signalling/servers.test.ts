import { describe, expect, test } from 'vitest'
import { NanopeerError } from '../../../src/base/errors'
import { serverAddress, serverName } from '../../../src/engine/signalling/server-address'
import { combine } from '../../../src/engine/signalling/status'

describe('the address of a server', () => {
  test('is secure unless it is this machine', () => {
    expect(serverAddress({ host: 'example.com' })).toEqual({
      host: 'example.com',
      port: 443,
      path: '/',
      secure: true,
      key: 'peerjs',
    })
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '[::1]', 'nas.localhost']) {
      expect(serverAddress({ host })).toMatchObject({ secure: false, port: 9000 })
    }
    expect(serverAddress({ host: 'nas.lan', secure: false })).toMatchObject({ port: 9000 })
    expect(serverAddress({ host: 'localhost', secure: true, port: 8443 })).toMatchObject({
      secure: true,
      port: 8443,
    })
  })

  test('puts an IPv6 address in the brackets that a URL needs', () => {
    expect(serverName(serverAddress({ host: '::1' }))).toBe('http://[::1]:9000/')
    expect(serverAddress({ host: '2001:db8::1' })).toMatchObject({ host: '[2001:db8::1]', secure: true })
  })
})

describe('several servers together', () => {
  const error = new NanopeerError('NETWORK', 'away')
  const lost = (retryAt: number | null) => ({ state: 'disconnected', error, retryAt }) as const
  const open = { state: 'open' } as const
  const connecting = { state: 'connecting' } as const

  test('are open while one is', () => {
    expect(combine([lost(1), open, connecting])).toEqual(open)
  })

  test('are connecting while one may yet open', () => {
    expect(combine([lost(1), connecting])).toEqual(connecting)
  })

  test('are disconnected when all are, until the first of them tries again', () => {
    expect(combine([lost(30), lost(null), lost(20)])).toEqual(lost(20))
    expect(combine([lost(null), lost(null)])).toEqual(lost(null))
  })
})

import { describe, test } from 'vitest'
import { systemClock } from '../../src/base/clock'
import { createTestNetwork } from '../../testing'
import { VirtualClock } from '../support/virtual-clock'
import { admissionAttacks, handshakeAttacks } from './attacks/handshakes'
import { keyAttacks } from './attacks/keys'
import { requestAttacks } from './attacks/requests'
import { secretAttacks } from './attacks/secrets'
import { sessionAttacks } from './attacks/session'
import { play, type Theatre } from './stage'

/** The network in memory, in virtual time. */
const createTheatre = (): Theatre => {
  const clock = new VirtualClock()
  const { transport, cut } = createTestNetwork({ clock })
  return {
    transport,
    signalling: {},
    clock,
    until: (condition, what) =>
      clock.runUntil(condition, 120_000).catch((error) => {
        throw new Error(`Waited for ${what}: ${error.message}`)
      }),
    pass: (ms) => clock.advance(ms),
    id: (name) => name,
    dials: 10_000,
    cut: (a, b) => cut(a, b)(),
    channels: () => 0,
  }
}

/** The same in real time: cryptography does not run on a virtual clock. */
const createRealTheatre = (): Theatre => {
  const { transport, cut } = createTestNetwork()
  const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  return {
    ...createTheatre(),
    transport,
    cut: (a, b) => cut(a, b)(),
    clock: systemClock,
    pass,
    async until(condition, what) {
      for (const end = Date.now() + 10_000; !condition(); await pass(1)) {
        if (Date.now() > end) throw new Error(`Waited for ${what}.`)
      }
    },
  }
}

describe('a hostile remote and a secret', { timeout: 30_000 }, () => {
  test.each(secretAttacks.map((attack) => [attack.name, attack] as const))('%s', (_name, attack) =>
    play(createRealTheatre(), attack),
  )
})

describe('a hostile remote and a key', { timeout: 30_000 }, () => {
  test.each(keyAttacks.map((attack) => [attack.name, attack] as const))('%s', (_name, attack) =>
    play(createRealTheatre(), attack),
  )
})

describe.each([
  ['handshakes', handshakeAttacks],
  ['admission', admissionAttacks],
  ['the session', sessionAttacks],
  ['requests', requestAttacks],
])('a hostile remote and %s', { timeout: 30_000 }, (_, attacks) => {
  test.each(attacks.map((attack) => [attack.name, attack] as const))('%s', (_name, attack) =>
    play(createTheatre(), attack),
  )
})

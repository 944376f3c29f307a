import { describe, test } from 'vitest'
import { createTestNetwork } from '../../src/testing'
import { VirtualClock } from '../support/virtual-clock'
import { admissionAttacks, handshakeAttacks } from './attacks/handshakes'
import { requestAttacks } from './attacks/requests'
import { sessionAttacks } from './attacks/session'
import { play, type Theatre } from './stage'

/** The network in memory, in virtual time. */
const createTheatre = (): Theatre => {
  const clock = new VirtualClock()
  const { transport } = createTestNetwork({ clock })
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
    channels: () => 0,
  }
}

describe.each([
  ['handshakes', handshakeAttacks],
  ['admission', admissionAttacks],
  ['the session', sessionAttacks],
  ['requests', requestAttacks],
])('a hostile remote and %s', (_, attacks) => {
  test.each(attacks.map((attack) => [attack.name, attack] as const))('%s', (_name, attack) =>
    play(createTheatre(), attack),
  )
})

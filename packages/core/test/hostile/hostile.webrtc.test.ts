import { describe, test } from 'vitest'
import { admissionAttacks, handshakeAttacks } from './attacks/handshakes'
import { keyAttacks } from './attacks/keys'
import { requestAttacks } from './attacks/requests'
import { secretAttacks } from './attacks/secrets'
import { sessionAttacks } from './attacks/session'
import { createTheatre } from './real-theatre'
import { play } from './stage'

describe.each([
  ['handshakes', handshakeAttacks],
  ['admission', admissionAttacks],
  ['a secret', secretAttacks],
  ['a key', keyAttacks],
  ['the session', sessionAttacks],
  ['requests', requestAttacks],
])('over WebRTC, a hostile remote and %s', { timeout: 120_000 }, (_, attacks) => {
  test.each(attacks.map((attack) => [attack.name, attack] as const))('%s', (_name, attack) =>
    play(createTheatre(), attack),
  )
})

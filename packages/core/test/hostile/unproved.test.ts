import { describe, expect, test } from 'vitest'
import { encodeValue } from '../../src/codec/write'
import { encodeFailure } from '../../src/engine/wire/failure'
import { type Frame, FrameType } from '../../src/engine/wire/frame'
import { decodeHello } from '../../src/engine/wire/hello'
import { generateSecret, NanopeerError, type PeerOptions } from '../../src/index'
import { createTestNetwork } from '../../testing'
import { createAlarmClock, hour } from '../support/alarm-clock'
import { join, open, until } from './cast'
import { diverting } from './diverting'
import { frame, hello, type MalloryLink, ready } from './mallory'

/** A laptop and its device, and Mallory, who may answer in the device's place. */
const createScene = async (options: PeerOptions) => {
  const { clock, ring } = createAlarmClock()
  const net = createTestNetwork({ clock })
  const { transport, state } = diverting(net.transport, 'nas', 'mallory')
  const create = (id: string) =>
    open(id, {
      transport: id === 'laptop' ? transport : net.transport,
      reconnect: { minDelay: 20, maxDelay: 20, resumeTimeout: hour },
      ...options,
    })
  const mallory = await join(net.transport, 'mallory')
  const [nas, laptop] = [await create('nas'), await create('laptop')]
  /** The laptop loses its link, and Mallory gets so many dials. */
  const divert = (dials: number) => {
    state.dials = dials
    net.cut('laptop', 'nas')
    net.heal('laptop', 'nas')
  }
  return { nas, laptop, mallory, create, divert, ring }
}

const nonce = new Uint8Array(32).fill(7)
const bye = (code: 'REFUSED' | 'PROTOCOL' | 'UNSUPPORTED') =>
  frame(FrameType.Bye, 0, encodeFailure(new NanopeerError(code, 'Go away.')))

/** What somebody without the secret can say to whoever redials. */
const words: [string, (theirs: Frame) => Frame[]][] = [
  ['a goodbye with REFUSED', () => [bye('REFUSED')]],
  ['a goodbye with PROTOCOL', () => [bye('PROTOCOL')]],
  ['a goodbye with UNSUPPORTED', () => [bye('UNSUPPORTED')]],
  ['a goodbye without a word', () => [frame(FrameType.Bye)]],
  ['that the session is forgotten', () => [frame(FrameType.Forgotten)]],
  ['what is no part of a handshake', () => [frame(FrameType.Credit)]],
  ['a HELLO of another version', () => [frame(FrameType.Hello, 0, encodeValue([1], 'INVALID_INPUT'))]],
  [
    'a HELLO of another session, with a wrong proof',
    ({ payload }) => [hello({ to: decodeHello(payload).from, nonce }), frame(FrameType.Auth, 0, nonce)],
  ],
  ['that there is no secret', ({ payload }) => [hello({ to: decodeHello(payload).from }), ready()]],
]

describe('with a secret, whoever answers a redial in the place of the device', () => {
  test.each(words)('ends no session by saying %s', async (_what, say) => {
    const { nas, laptop, mallory, divert } = await createScene({ secret: generateSecret() })
    let answer: ((value: unknown) => void) | null = null
    nas.handle('wait', () => new Promise((resolve) => (answer = resolve)))
    const connection = laptop.connect('nas')
    const answered = connection.request('wait')
    await until(() => answer !== null, 'the request to be there')
    await until(() => connection.$status.get().state === 'open', 'the session')
    divert(2)
    for (let dialled = 0; dialled < 2; dialled++) {
      await until(() => mallory.inbound.length > dialled, 'the laptop to dial')
      const link = mallory.inbound[dialled] as MalloryLink
      link.send(...say(await link.next(FrameType.Hello)))
      await link.closed()
      expect(link.of(FrameType.Ready)).toEqual([])
    }
    await until(() => connection.$status.get().state === 'open', 'the true device')
    expect(connection.$status.get()).toMatchObject({ link: 2 })
    ;(answer as unknown as (value: unknown) => void)('of the device')
    expect(await answered).toBe('of the device')
  })

  test('is the cause that is shown when no device comes back', async () => {
    const { laptop, nas, mallory, divert, ring } = await createScene({ secret: generateSecret() })
    nas.handle('wait', () => new Promise(() => {}))
    const connection = laptop.connect('nas')
    const answered = connection.request('wait').catch((error) => error)
    await until(() => connection.$status.get().state === 'open', 'the session')
    divert(Number.POSITIVE_INFINITY)
    await until(() => mallory.inbound.length > 0, 'the laptop to dial')
    mallory.inbound[0]?.send(bye('REFUSED'))
    await until(() => mallory.inbound.length > 1, 'the laptop to have heard it')
    ring()
    const error = await answered
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', cause: { cause: { code: 'REFUSED' } } })
  })

  test('may show a first dial why it is not served', async () => {
    const { laptop, mallory, divert } = await createScene({ secret: generateSecret() })
    divert(Number.POSITIVE_INFINITY)
    const connection = laptop.connect('nas')
    await until(() => mallory.inbound.length > 0, 'the laptop to dial')
    mallory.inbound[0]?.send(bye('REFUSED'))
    await until(() => connection.$status.get().state === 'closed', 'the refusal')
    expect(connection.$status.get().error).toMatchObject({ code: 'REFUSED', message: 'Go away.' })
  })
})

test('with a secret, a device that has restarted says so under proof, and the next session begins at once', async () => {
  const { nas, laptop, create } = await createScene({ secret: generateSecret() })
  nas.handle('wait', () => new Promise(() => {}))
  const connection = laptop.connect('nas')
  const lost = connection.request('wait').catch((error) => error)
  await until(() => connection.$status.get().state === 'open', 'the session')
  // Without a goodbye: it is killed.
  await nas.destroy()
  const again = await create('nas')
  again.handle('echo', (input) => input)
  expect(await connection.request('echo', 1)).toBe(1)
  expect(await lost).toMatchObject({ code: 'CONNECTION_LOST' })
})

test('without one, a goodbye to a redial ends no session either', async () => {
  const { nas, laptop, mallory, divert } = await createScene({ accept: 'anyone' })
  let answer: ((value: unknown) => void) | null = null
  nas.handle('wait', () => new Promise((resolve) => (answer = resolve)))
  const connection = laptop.connect('nas')
  const answered = connection.request('wait')
  await until(() => answer !== null, 'the request to be there')
  await until(() => connection.$status.get().state === 'open', 'the session')
  divert(1)
  await until(() => mallory.inbound.length > 0, 'the laptop to dial')
  mallory.inbound[0]?.send(bye('REFUSED'))
  await until(() => connection.$status.get().state === 'open', 'the true device')
  ;(answer as unknown as (value: unknown) => void)('of the device')
  expect(await answered).toBe('of the device')
})

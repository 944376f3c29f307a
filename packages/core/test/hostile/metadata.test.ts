import { describe, expect, test } from 'vitest'
import type { Transport } from '../../src/base/transport'
import { encodeValue } from '../../src/codec/write'
import { FrameType } from '../../src/engine/wire/frame'
import { ActionError, generateSecret, type Remote } from '../../src/index'
import { createTestNetwork } from '../../testing'
import { join, open, until } from './cast'
import { byeCode, frame, hello, ready } from './mallory'

/** A signalling server that says who dials, in its own words. */
const lying = (transport: Transport): Transport => ({
  ...transport,
  join(id, options, events) {
    const signalling = transport.join(id, options, events)
    return {
      dial: (remoteId, given) => signalling.dial(remoteId, { ...given, metadata: { role: 'admin' } }),
      dialPlain: (remoteId, given) => signalling.dialPlain(remoteId, given),
      retry: () => signalling.retry(),
      leave: () => signalling.leave(),
    }
  },
})

describe('metadata', () => {
  test.each([
    ['with a secret', generateSecret(), true],
    ['without one', undefined, false],
  ])(
    '%s comes through the channel, whatever the signalling server says',
    async (_what, secret, authenticated) => {
      const { transport } = createTestNetwork()
      const remotes: Remote[] = []
      const accept = (remote: Remote) => remotes.push(remote) > 0
      const nas = await open('nas', { transport, secret, accept })
      nas.handle('files', () => null)
      const laptop = await open('laptop', { transport: lying(transport), secret })
      const metadata = { role: 'guest', since: new Date(0) }
      await laptop.connect('nas', { metadata }).request('files')
      expect(remotes).toEqual([{ id: 'laptop', key: null, metadata, authenticated }])
    },
  )

  test('is told to nobody who has not proved the secret', async () => {
    const { transport } = createTestNetwork()
    const mallory = await join(transport, 'nas')
    const laptop = await open('laptop', { transport, secret: generateSecret(), reconnect: { minDelay: 10 } })
    laptop.connect('nas', { metadata: 'a canary' })
    const nonce = new Uint8Array(32)
    const answers = [
      () => [hello({ nonce }), frame(FrameType.Auth, 0, nonce), ready()],
      () => [hello(), ready()],
      () => [frame(FrameType.Forgotten), hello({ nonce })],
    ]
    for (const [index, answer] of answers.entries()) {
      await until(() => mallory.inbound.length > index, 'the laptop to dial')
      const link = mallory.inbound[index]
      await link?.next(FrameType.Hello)
      link?.send(...answer())
      await link?.closed()
      const heard = link?.frames.map(({ payload }) => new TextDecoder().decode(payload)).join()
      expect(heard).not.toContain('canary')
      expect(link?.link.metadata).toBe(undefined)
      laptop.connect('nas').reconnect()
    }
  })

  test('over 2 KiB is refused where it is given, and where it arrives', async () => {
    const { transport } = createTestNetwork()
    const nas = await open('nas', { transport, accept: 'anyone' })
    const refusal = expect.objectContaining({ code: 'INVALID_INPUT' })
    expect(() => nas.connect('laptop', { metadata: 'x'.repeat(2048) })).toThrow(refusal)
    expect(() => nas.connect('laptop', { metadata: () => {} })).toThrow(refusal)
    const mallory = await join(transport, 'mallory')
    for (const metadata of [encodeValue('x'.repeat(2048), 'INVALID_INPUT'), new Uint8Array([0xc1])]) {
      const link = await mallory.dial('nas')
      link.send(hello(), ready(0, 'mallory', metadata))
      expect(byeCode(await link.next(FrameType.Bye))).toBe('PROTOCOL')
      await link.closed()
    }
  })
})

test.each([1, 3])('a remote of wire version %i is told which release to take', async (version) => {
  const { transport } = createTestNetwork()
  await open('nas', { transport, accept: 'anyone' })
  const mallory = await join(transport, 'mallory')
  const link = await mallory.dial('nas')
  link.send(hello({ version }), ready())
  const bye = await link.next(FrameType.Bye)
  const text = new TextDecoder().decode(bye.payload)
  expect(byeCode(bye)).toBe('PROTOCOL')
  expect(text).toContain(
    `bring the older one to ${version === 1 ? '0.2 or later' : 'the release of the newer'}`,
  )
})

test.each([
  ['with a secret', generateSecret(), true],
  ['without one', undefined, false],
])(
  '%s a handler is told who asks and what was proved, and can refuse by it',
  async (_what, secret, authenticated) => {
    const { transport } = createTestNetwork()
    const nas = await open('nas', { transport, secret, accept: () => true })
    const seen: Remote[] = []
    nas.handle('remove', (_input, { remote }) => {
      seen.push(remote)
      if ((remote.metadata as { role?: unknown }).role !== 'admin') throw new ActionError(403, 'Not you')
    })
    const laptop = await open('laptop', { transport, secret })
    const asked = laptop.connect('nas', { metadata: { role: 'guest' } }).request('remove')
    await expect(asked).rejects.toMatchObject({ code: 403 })
    expect(seen).toEqual([{ id: 'laptop', key: null, metadata: { role: 'guest' }, authenticated }])
    expect(Object.isFrozen(seen[0])).toBe(true)
  },
)

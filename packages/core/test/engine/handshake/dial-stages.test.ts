import { describe, expect, onTestFinished, test } from 'vitest'
import type { Link } from '../../../src/base/transport'
import { createPeer, generateSecret, type NanopeerError, type PeerOptions } from '../../../src/index'
import { createTestNetwork } from '../../../testing/index'
import { createWorld } from '../../support/world'

const secret = generateSecret()
const otherSecret = generateSecret()

/** In real time, which is what cryptography takes. Returns what the laptop's request came to, and its connection. */
const ask = async (laptopsOptions: PeerOptions, nasOptions: PeerOptions) => {
  const { transport } = createTestNetwork()
  const create = (id: string, options: PeerOptions) => {
    const peer = createPeer(id, { transport, onError: () => {}, ...options })
    onTestFinished(() => peer.destroy())
    return peer
  }
  await create('nas', nasOptions).open()
  const connection = create('laptop', laptopsOptions).connect('nas')
  const error: NanopeerError = await connection.request('hello', null).then(
    () => expect.unreachable(),
    (reason) => reason,
  )
  return { connection, error }
}

describe('a dial fails in the stage `authentication`', () => {
  test('where the two have different secrets, and says so in the status, too', async () => {
    const { connection, error } = await ask({ secret }, { secret: otherSecret })
    expect(error).toMatchObject({ code: 'REFUSED', cause: { stage: 'authentication' } })
    expect(error.cause).toMatchObject({ explain: expect.stringContaining('give both the same one') })
    expect(connection.$status.value?.error).toMatchObject({ cause: { stage: 'authentication' } })
  })

  test('where the other device has no secret', async () => {
    const { error } = await ask({ secret }, { accept: 'anyone' })
    expect(error).toMatchObject({ code: 'REFUSED', cause: { stage: 'authentication' } })
  })
})

test('a dial to a device that does not accept us is REFUSED in the stage `handshake`', async () => {
  const { create, device, settled } = createWorld()
  device('nas', { accept: () => false })
  const connection = create('laptop').connect('nas')
  const outcome = await settled(connection.request('hello', null).catch((error) => error))
  expect(outcome).toMatchObject({ code: 'REFUSED', cause: { stage: 'handshake' } })
  expect(outcome.cause.explain).toContain('does not accept this id')
})

test('a link behind which nobody shakes hands is a TIMEOUT in the stage `handshake`', async () => {
  const { clock, net, create, settled } = createWorld()
  const links: Link[] = []
  const nobody = net.transport.join(
    'nas',
    {},
    { connecting() {}, open() {}, disconnected() {}, link: (link) => links.push(link), plain() {} },
  )
  const connection = create('laptop').connect('nas', { timeout: 5000 })
  const begun = clock.now()
  const outcome = await settled(connection.request('hello', null).catch((error) => error))
  expect(outcome).toMatchObject({ code: 'TIMEOUT', cause: { stage: 'handshake' } })
  expect(clock.now() - begun).toBeLessThanOrEqual(5100)
  expect(links).toHaveLength(1)
  await settled(nobody.leave())
})

import { describe, expect, onTestFinished, test } from 'vitest'
import type { Link, TrackConnection, Transport } from '../../src/base/transport'
import { action, createPeer, type Peer, type PeerOptions } from '../../src/index'
import { createTestNetwork } from '../../testing/index'
import { streamOf, track } from '../support/stand-ins'
import { type Forge, forgeries } from './forgeries'

/** A transport whose descriptions say something else than its connection would. */
const forging = (transport: Transport, forge: Forge): Transport => {
  const forged = (link: Link): Link => {
    const connection = link.trackConnection as TrackConnection
    const lying: TrackConnection = {
      addTransceiver: (...given) => connection.addTransceiver(...given),
      getTransceivers: () => connection.getTransceivers(),
      setLocalDescription: () => connection.setLocalDescription(),
      setRemoteDescription: (given) => connection.setRemoteDescription(given),
      getStats: () => connection.getStats(),
      close: () => connection.close(),
      get remoteDescription() {
        return connection.remoteDescription
      },
      get localDescription() {
        return { sdp: forge(connection.localDescription?.sdp ?? '') } as RTCSessionDescription
      },
    }
    return Object.defineProperty(link, 'trackConnection', { value: lying })
  }
  return {
    ...transport,
    join: (id, options, events) =>
      transport.join(id, options, {
        ...events,
        link: (link, standing) => events.link(forged(link), standing),
      }),
  }
}

const watch = action.media('watch')
const echo = action<string, string>('echo')

const open = async (id: string, options: PeerOptions): Promise<Peer> => {
  const peer = createPeer(id, { accept: 'anyone', onError: () => {}, ...options })
  onTestFinished(() => peer.destroy())
  peer.handle(echo, (text) => text)
  await peer.open()
  return peer
}

/** An honest device and its asker, a hostile one, and its answer. */
const cast = async (forge: Forge) => {
  const { transport } = createTestNetwork()
  const [mallory, friend, asker] = await Promise.all([
    open('mallory', { transport: forging(transport, forge) }),
    open('friend', { transport }),
    open('asker', { transport }),
  ])
  for (const device of [mallory, friend, asker]) device.handle(watch, () => streamOf(track('camera')))
  return { mallory, friend, asker, evil: asker.connect('mallory'), good: asker.connect('friend') }
}

describe('a session description with', () => {
  test.for(Object.entries(forgeries))(
    '%s, as an offer, ends the session with PROTOCOL',
    async ([, forge]) => {
      const { evil, good } = await cast(forge)
      const stream = await good.request(watch)
      await expect(evil.request(watch)).rejects.toMatchObject({ code: 'PROTOCOL' })
      expect(evil.$status.value).toMatchObject({ state: 'closed', error: { code: 'PROTOCOL' } })
      expect(stream.getTracks()).toHaveLength(1)
      expect(await good.request(echo, 'still here')).toBe('still here')
    },
  )

  test.for(Object.entries(forgeries))(
    '%s, as an answer, ends the session with PROTOCOL',
    async ([, forge]) => {
      const { mallory, evil } = await cast(forge)
      expect(await evil.request(echo, 'hello')).toBe('hello')
      const back = mallory.connect('asker')
      // The liar itself may well be content.
      await back.request(watch).catch(() => {})
      await expect
        .poll(() => evil.$status.value)
        .toMatchObject({ state: 'closed', error: { code: 'PROTOCOL' } })
    },
  )

  test('nothing forged is taken', async () => {
    const { evil, mallory } = await cast((sdp) => sdp)
    expect((await evil.request(watch)).getTracks()).toHaveLength(1)
    expect((await mallory.connect('asker').request(watch)).getTracks()).toHaveLength(1)
  })

  test('pictures in the place of ours, as an answer, ends the session with PROTOCOL', async () => {
    const { mallory, evil } = await cast((sdp) => sdp.replace('a=recvonly', 'a=sendrecv'))
    await evil.request(echo, 'hello')
    await mallory
      .connect('asker')
      .request(watch)
      .catch(() => {})
    await expect.poll(() => evil.$status.value).toMatchObject({ error: { code: 'PROTOCOL' } })
  })
})

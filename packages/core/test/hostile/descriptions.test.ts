import { describe, expect, onTestFinished, test } from 'vitest'
import type { Link, TrackConnection, Transport } from '../../src/base/transport'
import { action, createPeer, type Peer, type PeerOptions } from '../../src/index'
import { createTestNetwork } from '../../testing/index'
import { streamOf, track } from '../support/stand-ins'

/** What becomes of an honest description. */
type Forge = (sdp: string) => string

const section = (...lines: readonly string[]) => `${lines.join('\r\n')}\r\n`

/** Sections of audio and video that nobody has asked for: an answer may take 16. */
const manySections: Forge = (sdp) => {
  const mids = Array.from({ length: 17 }, (_, index) => `more${index}`)
  const more = mids.map((mid) => section('m=video 9 UDP/TLS/RTP/SAVPF 96', `a=mid:${mid}`, 'a=sendonly'))
  return sdp.replace(/^(a=group:BUNDLE .*)$/m, `$1 ${mids.join(' ')}`) + more.join('')
}

const line =
  (text: string): Forge =>
  (sdp) =>
    sdp.replace('m=application', `${text}\r\nm=application`)

const forgeries: Record<string, Forge> = {
  'the fingerprint of another certificate': (sdp) =>
    sdp.replace(/(a=fingerprint:sha-256 )..:..:../, '$1ff:ff:ff'),
  'a second fingerprint': line(`a=fingerprint:sha-256 ${'ff:'.repeat(31)}ff`),
  'a second fingerprint in letters that only some read': line(`a=Fingerprint:sha-1 ${'ff:'.repeat(19)}ff`),
  'no fingerprint': (sdp) => sdp.replace(/^a=fingerprint.*\r\n/gm, ''),
  'other ICE credentials': (sdp) => sdp.replace('a=ice-ufrag:test', 'a=ice-ufrag:evil'),
  'another ICE password': (sdp) => sdp.replace('a=ice-pwd:in-memory', 'a=ice-pwd:evil'),
  'an address to knock at': line('a=remote-candidates:1 10.0.0.1 80'),
  'more sections than were asked for': manySections,
  'a data section of its own': (sdp) =>
    sdp.replace(/^(a=group:BUNDLE .*)$/m, '$1 more') +
    section('m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:more'),
  'no data section': (sdp) => sdp.replace('m=application', 'm=video'),
  'a data section that is closed': (sdp) => sdp.replace('m=application 9', 'm=application 0'),
  'a section of its own transport': (sdp) => sdp.replace(/^a=group:BUNDLE .*$/m, 'a=group:BUNDLE 0'),
  'two groups': (sdp) => sdp.replace(/^(a=group:BUNDLE .*)$/m, '$1\r\n$1'),
  'a section of another kind': (sdp) => sdp.replace('m=video', 'm=text'),
  'half a mebibyte': line(`a=x:${'x'.repeat(512 * 1024)}`),
  'nothing at all': () => '',
}

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

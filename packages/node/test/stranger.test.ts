import { describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { CallTable } from '../../core/src/engine/signalling/call-table'
import { installGuard } from '../../core/src/engine/signalling/guard'
import type { PeerjsConnection } from '../../core/src/engine/signalling/peerjs'
import { takeCensus } from './support/census'
import { freshId, type Joined, joinAs, soon } from './support/joined'
import { createPeerjs } from './support/peerjs'
import { registerRaw } from './support/raw-client'
import { prepareWebrtc } from './support/webrtc'

const shared = () => ({ ...inject('signallingServer'), secure: false })

const offerSdp = async () => {
  await prepareWebrtc()
  const peerConnection = new RTCPeerConnection()
  onTestFinished(() => peerConnection.close())
  peerConnection.createDataChannel('any')
  const { sdp } = await peerConnection.createOffer()
  return { type: 'offer', sdp }
}

const goodOffer = async () => ({
  type: 'data',
  sdp: await offerSdp(),
  connectionId: 'dc_1',
  label: 'nanopeer/1',
  serialization: 'raw',
  reliable: true,
})

/** Everything sent before was seen: the server keeps the order. */
const settled = async (device: Joined) => {
  const friend = joinAs(freshId('friend'), { server: shared() })
  await expect(friend.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
}

describe('what a stranger sends through the server', () => {
  test('makes no connection unless it is a whole offer of a kind PeerJS knows', async () => {
    const offer = await goodOffer()
    const device = joinAs(freshId('device'), { server: shared() })
    const stranger = await registerRaw(shared().port, freshId('stranger'))
    await device.isOpen()
    const census = await takeCensus()
    const send = (payload: unknown) => stranger.send({ type: 'OFFER', dst: device.id, payload })
    for (const serialization of ['nonsense', '__proto__', 'constructor', 'toString', 1, null, undefined]) {
      send({ ...offer, serialization })
    }
    send({ ...offer, type: 'media' })
    send({ ...offer, type: 'other' })
    send({ ...offer, sdp: null })
    send({ ...offer, sdp: { type: 'rollback', sdp: '' } })
    send({ ...offer, sdp: { ...offer.sdp, sdp: 'x'.repeat(70_000) } })
    send({ ...offer, connectionId: 'x'.repeat(300) })
    send({ ...offer, connectionId: { toString: 1 } })
    send({ ...offer, metadata: 'x'.repeat(5000) })
    send({ ...offer, label: '' })
    for (const payload of [null, undefined, 7, 'offer', [], {}]) send(payload)
    for (const type of ['OPEN', 'ERROR', 'ID-TAKEN', 'INVALID-KEY', 'NONSENSE', 7, null, undefined]) {
      stranger.send({ type, dst: device.id })
    }
    await settled(device)
    // The friend's own two ends.
    expect(census.peerConnections()).toBe(2)
    expect(device.history).toEqual(['connecting', 'open'])
  })

  test('ends no live link: neither its LEAVE nor its EXPIRE is about anybody else', async () => {
    const device = joinAs(freshId('device'), { server: shared() })
    const friend = joinAs(freshId('friend'), { server: shared() })
    const stranger = await registerRaw(shared().port, freshId('stranger'))
    await device.isOpen()
    const link = await friend.signalling.dial(device.id, { signal: soon() })
    const closed = vi.fn()
    link.listen({ message() {}, drained() {}, closed })
    for (const type of ['LEAVE', 'EXPIRE']) {
      for (const dst of [device.id, friend.id]) stranger.send({ type, dst, src: friend.id })
    }
    await settled(device)
    expect(closed).not.toHaveBeenCalled()
  })

  test('is forgotten: messages for connections that do not exist pile up nowhere', async () => {
    const id = freshId('device')
    const peer = await createPeerjs(id)
    onTestFinished(() => peer.destroy())
    const offered = vi.fn()
    installGuard(peer, id, new CallTable(), {
      echoed() {},
      metOwnServer() {},
      unavailable() {},
      left() {},
      busy() {},
      isUnanswered: () => false,
      answered() {},
      offered,
    })
    await new Promise((resolve) => peer.on('open', resolve))
    const stranger = await registerRaw(shared().port, freshId('stranger'))
    const candidate = { candidate: 'candidate:1 1 UDP 1 192.0.2.1 9 typ host', sdpMid: '0' }
    for (let index = 0; index < 500; index++) {
      for (const type of ['CANDIDATE', 'ANSWER', 'OTHER']) {
        stranger.send({ type, dst: id, payload: { connectionId: `dc_${index}`, candidate, type: 'data' } })
      }
    }
    stranger.send({ type: 'OFFER', dst: id, payload: await goodOffer() })
    await expect.poll(() => offered.mock.calls.length).toBe(1)
    const { _lostMessages: lost } = peer as unknown as { _lostMessages: Map<string, unknown> }
    expect(lost.size).toBe(0)
  })

  test('makes at most eight half-open connections, however often it dials', async () => {
    const device = joinAs(freshId('device'), { server: shared() })
    const stranger = await registerRaw(shared().port, freshId('stranger'))
    const offer = await goodOffer()
    await device.isOpen()
    const census = await takeCensus()
    for (let index = 0; index < 100; index++) {
      stranger.send({ type: 'OFFER', dst: device.id, payload: { ...offer, connectionId: `dc_${index}` } })
    }
    await settled(device)
    expect(census.peerConnections()).toBe(8 + 2)
    await device.signalling.leave()
    await expect.poll(() => census.peerConnections()).toBeLessThanOrEqual(2)
  })

  test('keeps nobody out: of half-open connections from many ids the oldest make room for a newcomer', async () => {
    const device = joinAs(freshId('device'), { server: shared() })
    const offer = await goodOffer()
    await device.isOpen()
    const census = await takeCensus()
    for (let id = 0; id < 12; id++) {
      const stranger = await registerRaw(shared().port, freshId('stranger'))
      for (let index = 0; index < 8; index++) {
        const payload = { ...offer, connectionId: `dc_${id}_${index}` }
        stranger.send({ type: 'OFFER', dst: device.id, payload })
      }
    }
    await settled(device)
    expect(census.peerConnections()).toBeLessThanOrEqual(64 + 2)
    await device.signalling.leave()
    await expect.poll(() => census.peerConnections()).toBeLessThanOrEqual(2)
  })

  test('changes nothing about a connection that is there: neither a second offer nor a flood of candidates', async () => {
    const id = freshId('device')
    const peer = await createPeerjs(id)
    onTestFinished(() => peer.destroy())
    let offers = 0
    installGuard(peer, id, new CallTable(), {
      echoed() {},
      metOwnServer() {},
      unavailable() {},
      left() {},
      busy() {},
      isUnanswered: () => false,
      answered() {},
      offered(_offer, { accept }) {
        offers++
        accept()
      },
    })
    await new Promise((resolve) => peer.on('open', resolve))
    const opened = new Promise<PeerjsConnection>((resolve) => {
      peer.on('connection', (connection) =>
        connection.on('open', () => resolve(connection as unknown as PeerjsConnection)),
      )
    })
    const friend = joinAs(freshId('friend'), { server: shared() })
    await friend.signalling.dial(id, { signal: soon() })
    const connection = await opened
    const closed = vi.fn()
    connection.on('close', closed)
    const heard = vi.spyOn(connection, 'handleMessage')
    const { connectionId } = connection
    // One, or two where the friend's first dial met libdatachannel's handshake race.
    const offersBefore = offers
    const candidate = { candidate: 'candidate:1 1 UDP 1 192.0.2.1 9 typ host', sdpMid: '0' }
    // As a server would say it that is not the friend's.
    const say = (type: string, payload: object) =>
      peer.socket.emit('message', { type, src: friend.id, payload: { ...payload, connectionId } })
    say('OFFER', { ...(await goodOffer()) })
    for (let index = 0; index < 1000; index++) say('CANDIDATE', { type: 'data', candidate })
    expect(offers).toBe(offersBefore)
    expect(closed).not.toHaveBeenCalled()
    expect(connection.open).toBe(true)
    expect(heard.mock.calls.length).toBeLessThanOrEqual(256)
  })

  test('makes none at all where the peer does not want to be dialled', async () => {
    const friends: string[] = []
    const device = joinAs(
      freshId('device'),
      { server: shared() },
      { offer: ({ remoteId }) => (friends.includes(remoteId) ? 'stranger' : 'ignored') },
    )
    const friend = joinAs(freshId('friend'), { server: shared() })
    friends.push(friend.id)
    const stranger = joinAs(freshId('stranger'), { server: shared() })
    await Promise.all([device, friend, stranger].map((each) => each.isOpen()))
    const dial = stranger.signalling.dial(device.id, { signal: AbortSignal.timeout(2000) })
    // Watched at once: it may be over before the other one is.
    const refused = expect(dial).rejects.toThrow()
    await expect(friend.signalling.dial(device.id, { signal: soon() })).resolves.toBeDefined()
    await refused
    expect(device.links.map(({ remoteId }) => remoteId)).toEqual([friend.id])
  })

  test('opens one channel: a second on the same connection is closed', async () => {
    const device = joinAs(freshId('device'), { server: shared() })
    await device.isOpen()
    const stranger = await createPeerjs(freshId('stranger'))
    onTestFinished(() => stranger.destroy())
    await new Promise((resolve) => stranger.on('open', () => resolve(undefined)))
    const connection = stranger.connect(device.id, {
      label: 'nanopeer/1',
      serialization: 'raw',
      reliable: true,
    })
    await new Promise((resolve) => connection.on('open', () => resolve(undefined)))
    const second = connection.peerConnection.createDataChannel('second')
    await new Promise((resolve) => {
      second.onclose = resolve
    })
    await expect.poll(() => device.links.length).toBe(1)
    expect(connection.open).toBe(true)
  })
})

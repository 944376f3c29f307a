import { type MediaConnection, Peer as PeerjsPeer } from 'peerjs'
import { describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import {
  action,
  type Connection,
  createPeer,
  generateSecret,
  type Peer,
  type PeerOptions,
  peerjsCall,
} from '../../../src/index'
import { createAlarmClock, hour } from '../../support/alarm-clock'
import { DrawnCamera, Screen } from '../../support/pictures'
import { realTransport } from '../../support/real-transport'

const server = { ...inject('signallingServer'), secure: false }

let count = 0
const freshId = (name: string) => `${name}-${Math.random().toString(36).slice(2, 10)}-${++count}`

const ours = async (options: PeerOptions = {}): Promise<Peer> => {
  const peer = createPeer(freshId('ours'), {
    server,
    iceServers: [],
    accept: 'anyone',
    onError() {},
    ...options,
  })
  onTestFinished(() => peer.destroy())
  await peer.open()
  return peer
}

/** A PeerJS client as its users have it. */
const client = async (): Promise<PeerjsPeer> => {
  const peer = new PeerjsPeer(freshId('client'), { ...server, config: { iceServers: [] } })
  onTestFinished(() => peer.destroy())
  await new Promise((resolve, reject) => peer.once('open', resolve).once('error', reject))
  return peer
}

const camera = (number: number): DrawnCamera => {
  const drawn = new DrawnCamera(number)
  onTestFinished(() => drawn.stop())
  return drawn
}

const screen = (stream: MediaStream): Screen => {
  const shown = new Screen(stream)
  onTestFinished(() => shown.remove())
  return shown
}

const streamOf = (call: MediaConnection): Promise<MediaStream> =>
  new Promise((resolve) => call.once('stream', resolve))

const closed = (call: MediaConnection): Promise<void> =>
  new Promise((resolve) => call.once('close', () => resolve()))

const plain = (peer: Peer, remote: PeerjsPeer): Connection => peer.connect(remote.id, { protocol: 'plain' })

describe('a PeerJS client calls', () => {
  test('and sees what the handler answers with, which hears what it says and when it hangs up', async () => {
    const device = await ours()
    const heard: unknown[] = []
    device.handle(peerjsCall, (metadata, { signal, remote }) => {
      heard.push(metadata, remote.id)
      signal.addEventListener('abort', () => heard.push('over'))
      return camera(5).stream
    })
    const caller = await client()
    const call = caller.call(device.id, camera(2).stream, { metadata: { room: 7 } })
    await screen(await streamOf(call)).shows(5)
    expect(heard).toEqual([{ room: 7 }, caller.id])
    call.close()
    await expect.poll(() => heard).toEqual([{ room: 7 }, caller.id, 'over'])
    await expect.poll(() => device.$connections.get()).toEqual([])
  })

  test('and is watched by whoever asks it for its half, for as long as it calls', async () => {
    const device = await ours()
    let theirs: Promise<MediaStream> | undefined
    device.handle(peerjsCall, (_metadata, { connection }) => {
      theirs = connection.request(peerjsCall)
      return camera(5).stream
    })
    const caller = await client()
    const call = caller.call(device.id, camera(2).stream)
    await screen(await streamOf(call)).shows(5)
    const stream = (await theirs) as MediaStream
    await screen(stream).shows(2)
    const [connection] = device.$connections.get()
    expect(connection?.$status.get().state).toBe('open')
    // Another who asks joins the same call.
    await screen((await connection?.request(peerjsCall)) as MediaStream).shows(2)
    call.close()
    await expect.poll(() => stream.getTracks()).toEqual([])
    await expect.poll(() => connection?.$status.get().state).toBe('closed')
  })

  test('beside its channel, and a camera that is switched is followed', async () => {
    const device = await ours()
    const [front, back] = [camera(1), camera(3)]
    const sent = new MediaStream([front.track])
    device.handle(peerjsCall, () => sent)
    const caller = await client()
    const data = caller.connect(device.id)
    await new Promise<void>((resolve) => data.once('open', () => resolve()))
    const call = caller.call(device.id, camera(2).stream)
    const shown = screen(await streamOf(call))
    await shown.shows(1)
    sent.removeTrack(front.track)
    sent.addTrack(back.track)
    await shown.shows(3)
    call.close()
    await expect.poll(() => device.$connections.get()[0]?.$status.get().state).toBe('open')
    expect(data.open).toBe(true)
  })

  test('and a camera that is unplugged hangs up', async () => {
    const device = await ours()
    const drawn = camera(4)
    device.handle(peerjsCall, () => drawn.stream)
    const call = (await client()).call(device.id, camera(2).stream)
    // PeerJS has the stream before there is a path, by whose end it hears that somebody has hung up.
    await screen(await streamOf(call)).shows(4)
    drawn.track.stop()
    drawn.track.dispatchEvent(new Event('ended'))
    await closed(call)
  })

  test('and a session that is revoked, and a peer that is destroyed, hang up', async () => {
    for (const end of [
      (device: Peer) => device.$connections.get()[0]?.revoke(),
      (device: Peer) => void device.destroy(),
    ]) {
      const device = await ours()
      device.handle(peerjsCall, () => camera(4).stream)
      const call = (await client()).call(device.id, camera(2).stream)
      await screen(await streamOf(call)).shows(4)
      end(device)
      await closed(call)
    }
  })

  test.for<[string, PeerOptions, string]>([
    ['nobody is accepted', { accept: [] }, peerjsCall.name],
    ['others are accepted', { accept: ['friend'] }, peerjsCall.name],
    ['a secret is asked for', { secret: generateSecret() }, peerjsCall.name],
    ['nothing handles calls', {}, 'camera.watch'],
  ])('and where %s no camera opens, and nothing is answered', async ([, options, name]) => {
    const device = await ours(options)
    let runs = 0
    device.handle(name, () => {
      runs++
      return camera(5).stream
    })
    const caller = await client()
    const call = caller.call(device.id, camera(2).stream)
    const answered = vi.spyOn(call, 'handleMessage')
    // The server passes on in order, and this is answered: so is the call by then, or never.
    await expect.poll(() => call.peerConnection.signalingState).toBe('have-local-offer')
    const data = caller.connect(device.id)
    let changes = 0
    data.peerConnection.addEventListener('signalingstatechange', () => changes++)
    // Its offer is out, and then it is answered, or refused.
    await expect.poll(() => changes > 1 || !data.peerConnection).toBe(true)
    expect(answered).not.toHaveBeenCalled()
    expect(runs).toBe(0)
    call.close()
  })
})

describe('a call to a PeerJS client', () => {
  test('shows what it answers with, and sends nothing where there is no handler', async () => {
    const [asker, callee] = [await ours(), await client()]
    const calls: MediaConnection[] = []
    callee.on('call', (call) => {
      calls.push(call)
      call.answer(camera(6).stream)
    })
    const abort = new AbortController()
    const connection = plain(asker, callee)
    const stream = await connection.request(peerjsCall, { from: 'here' }, { signal: abort.signal })
    await screen(stream).shows(6)
    const [call] = calls as [MediaConnection]
    expect(call.metadata).toEqual({ from: 'here' })
    expect(call.remoteStream ?? null).toBeNull()
    abort.abort()
    expect(stream.getTracks()).toEqual([])
    await closed(call)
    expect(connection.$status.get().state).toBe('open')
  })

  test('shows our own camera there where a handler answers for it, which accept decides', async () => {
    const [asker, callee] = [await ours(), await client()]
    asker.handle(peerjsCall, () => camera(1).stream)
    const theirs = new Promise<MediaStream>((resolve) =>
      callee.on('call', (call) => {
        call.answer(camera(6).stream)
        call.on('stream', resolve)
      }),
    )
    const stream = await plain(asker, callee).request(peerjsCall)
    await Promise.all([screen(stream).shows(6), screen(await theirs).shows(1)])
  })

  test('ends with it: the request is over, and another one calls again', async () => {
    const [asker, callee] = [await ours(), await client()]
    const calls: MediaConnection[] = []
    callee.on('call', (call) => {
      calls.push(call)
      call.answer(camera(6).stream)
    })
    const connection = plain(asker, callee)
    const stream = await connection.request(peerjsCall)
    await screen(stream).shows(6)
    calls[0]?.close()
    await expect.poll(() => stream.getTracks()).toEqual([])
    await expect.poll(() => connection.$requests.get()).toEqual([])
    await screen(await connection.request(peerjsCall)).shows(6)
    expect(calls).toHaveLength(2)
  })

  test('that is not answered times out, and rings no longer', async () => {
    const { clock, ring } = createAlarmClock()
    const transport = { ...realTransport, clock }
    const [asker, callee] = [await ours({ transport }), await client()]
    const rings: MediaConnection[] = []
    callee.on('call', (call) => rings.push(call))
    const answer = plain(asker, callee).request(peerjsCall, undefined, { timeout: hour })
    const timedOut = expect(answer).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect.poll(() => rings).toHaveLength(1)
    ring()
    await timedOut
    expect(plain(asker, callee).$requests.get()).toEqual([])
  })

  test('is what its media are: another action, and metadata that no offer can carry, are refused', async () => {
    const [asker, callee] = [await ours(), await client()]
    const connection = plain(asker, callee)
    const watch = action.media<string>('camera.watch')
    await expect(connection.request(watch, 'back')).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(connection.request(peerjsCall, 'x'.repeat(5000))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })
})

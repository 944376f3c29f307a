import { describe, expect, onTestFinished, test } from 'vitest'
import { action, createPeer, type Transport } from '../../../src/index'
import { createTestNetwork } from '../../../testing/index'
import { createPair, turns } from '../../support/pair'
import { labels, streamOf, track } from '../../support/stand-ins'

const watch = action.media<{ camera: string } | undefined>('watch')

describe('a media action', () => {
  test('answers with a stream of the same tracks', async () => {
    const { connection } = await createPair((device) =>
      device.handle(watch, (input) => streamOf(track(input?.camera ?? 'back'), track('mic', 'audio'))),
    )
    const stream = await connection.request(watch, { camera: 'front' })
    expect(labels(stream)).toEqual(['video front', 'audio mic'])
  })

  test('tracks that are added, removed and replaced later are followed', async () => {
    const sent = streamOf(track('one'))
    const { connection } = await createPair((device) => device.handle(watch, () => sent))
    const stream = await connection.request(watch)
    const heard: string[] = []
    for (const type of ['addtrack', 'removetrack'] as const) {
      stream.addEventListener(type, (event) => heard.push(`${type} ${event.track.label}`))
    }
    const sound = track('mic', 'audio')
    sent.addTrack(sound)
    await expect.poll(() => labels(stream)).toEqual(['video one', 'audio mic'])
    sent.removeTrack(sound)
    await expect.poll(() => labels(stream)).toEqual(['video one'])
    expect(heard).toEqual(['addtrack mic', 'removetrack mic'])
  })

  test('an abort empties the stream, tells the handler, and stops what is sent', async () => {
    const sent = streamOf(track('one'))
    let isOver = false
    const { connection } = await createPair((device) =>
      device.handle(watch, (_input, { signal }) => {
        signal.addEventListener('abort', () => {
          isOver = true
        })
        return sent
      }),
    )
    const abort = new AbortController()
    const stream = await connection.request(watch, undefined, { signal: abort.signal })
    expect(Object.hasOwn(sent, 'addTrack')).toBe(true)
    const [shown] = stream.getTracks()
    abort.abort()
    await expect.poll(() => isOver).toBe(true)
    expect(labels(stream)).toEqual([])
    expect(shown?.readyState).toBe('ended')
    // What is sent belongs to the device's app.
    expect(sent.getTracks().map(({ readyState }) => readyState)).toEqual(['live'])
    expect(Object.hasOwn(sent, 'addTrack')).toBe(false)
  })

  test('the same stream goes on over another link, with tracks of that', async () => {
    const { net, connection, device } = await createPair((nas) =>
      nas.handle(watch, () => streamOf(track('one'))),
    )
    const stream = await connection.request(watch)
    const [before] = stream.getTracks()
    net.cut('nas', 'laptop')
    await expect.poll(() => connection.$status.value?.state).toBe('reconnecting')
    expect(stream.getTracks()).toEqual([before])
    // One that has ended would be black.
    expect(before?.readyState).toBe('live')
    net.heal('nas', 'laptop')
    await expect.poll(() => stream.getTracks()[0] !== before).toBe(true)
    expect(labels(stream)).toEqual(['video one'])
    expect(before?.readyState).toBe('ended')
    expect(device.$connections.value).toHaveLength(1)
  })

  test('a last track that ends by itself ends the answer', async () => {
    const sent = streamOf(track('one'))
    const { connection } = await createPair((device) => device.handle(watch, () => sent))
    const stream = await connection.request(watch)
    const [camera] = sent.getTracks() as unknown as [{ end(): void }]
    camera.end()
    await expect.poll(() => labels(stream)).toEqual([])
    await expect.poll(() => connection.$requests.value).toEqual([])
  })

  test('what is no stream is INVALID_OUTPUT, and another kind UNKNOWN_ACTION', async () => {
    const { connection } = await createPair((device) => {
      device.handle(watch, () => 'a picture' as never)
      device.handle(action<void, string>('value'), () => 'value')
    })
    await expect(connection.request(watch)).rejects.toMatchObject({ code: 'INVALID_OUTPUT' })
    await expect(connection.request(action.media('value'))).rejects.toMatchObject({ code: 'UNKNOWN_ACTION' })
    await expect(connection.request(action<void, string>('watch'))).rejects.toMatchObject({
      code: 'UNKNOWN_ACTION',
    })
  })

  test('the timeout runs to the first track', async () => {
    const sent = streamOf()
    const { connection } = await createPair((device) => device.handle(watch, () => sent))
    await expect(connection.request(watch, undefined, { timeout: 50 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    })
    const answer = connection.request(watch)
    await turns()
    sent.addTrack(track('late'))
    expect(labels(await answer)).toEqual(['video late'])
  })

  test('is UNSUPPORTED where one of the two sides has no tracks, and no camera opens', async () => {
    const net = createTestNetwork()
    const withoutTracks = { ...net.transport, createStream: () => null }
    let runs = 0
    const open = async (id: string, transport: Transport) => {
      const peer = createPeer(id, { transport, accept: 'anyone' })
      onTestFinished(() => peer.destroy())
      peer.handle(watch, () => {
        runs++
        return streamOf(track('camera'))
      })
      await peer.open()
      return peer
    }
    const [page, node] = [await open('page', net.transport), await open('node', withoutTracks)]
    for (const [asker, device] of [
      [page, 'node'],
      [node, 'page'],
    ] as const) {
      const answer = asker.connect(device).request(watch)
      await expect(answer).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    }
    expect(runs).toBe(0)
  })

  test('is UNSUPPORTED towards a plain PeerJS client', async () => {
    const { connection } = await createPair((device) => device.handle(watch, () => streamOf(track('camera'))))
    const plain = connection.peer.connect('nas', { protocol: 'envelope' })
    await expect(plain.request(watch)).rejects.toMatchObject({ code: 'UNSUPPORTED' })
  })
})

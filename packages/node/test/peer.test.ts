import { afterEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { action, createPeer, getPeer, type Peer } from '../src'
import { freshId } from './support/joined'

const options = () => ({ server: { ...inject('signallingServer'), secure: false }, iceServers: [] })
const shout = action<string, string>('shout')

const until = (peer: Peer): Peer => {
  onTestFinished(() => peer.destroy())
  return peer
}

describe('a Node device', () => {
  test('answers another one over WebRTC', async () => {
    const device = until(createPeer(freshId('device'), { ...options(), accept: 'anyone' }))
    device.handle(shout, (text) => text.toUpperCase())
    await device.open()
    const asker = until(createPeer(freshId('asker'), options()))
    await expect(asker.connect(device.id).request(shout, 'hello')).resolves.toBe('HELLO')
  })

  test('is the same peer for everybody in the process who asks for its id', () => {
    const peer = until(createPeer(freshId('device'), options()))
    expect(getPeer(peer.id)).toBe(peer)
    expect(() => createPeer(peer.id)).toThrow(expect.objectContaining({ code: 'ID_TAKEN' }))
  })

  test('opens nothing before something holds it', async () => {
    const peer = until(createPeer(freshId('device'), options()))
    expect(peer.$status.get().state).toBe('idle')
  })
})

describe('without the native binary of node-datachannel', () => {
  afterEach(() => {
    vi.doUnmock('node-datachannel/polyfill')
    vi.resetModules()
  })

  test('a peer says which package is missing, and does not try again', async () => {
    vi.resetModules()
    vi.stubGlobal('RTCPeerConnection', undefined)
    onTestFinished(() => void vi.unstubAllGlobals())
    vi.doMock('node-datachannel/polyfill', () => {
      throw new Error('Cannot load native addon')
    })
    const fresh = await import('../src')
    const peer = until(fresh.createPeer(freshId('device'), options()))
    await expect(peer.open()).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('"node-datachannel"'),
    })
    expect(peer.$status.get()).toMatchObject({ state: 'disconnected', retryAt: null })
  })
})

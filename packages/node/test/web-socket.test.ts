import { afterEach, describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { createPeer } from '../src'
import { withWebSocket } from '../src/web-socket'
import { freshId } from './support/joined'

afterEach(() => void vi.unstubAllGlobals())

/** Registers a device, twice. */
const register = async () => {
  const server = { ...inject('signallingServer'), secure: false }
  const peer = createPeer(freshId('device'), { server, iceServers: [] })
  onTestFinished(() => peer.destroy())
  await peer.open()
}

describe("the process's WebSocket", () => {
  test('is neither used nor replaced', async () => {
    const theirs = vi.fn()
    vi.stubGlobal('WebSocket', theirs)
    await register()
    expect(theirs).not.toHaveBeenCalled()
    expect(globalThis.WebSocket).toBe(theirs)
  })

  test('is not there afterwards where there was none', async () => {
    vi.stubGlobal('WebSocket', undefined)
    Reflect.deleteProperty(globalThis, 'WebSocket')
    await register()
    expect('WebSocket' in globalThis).toBe(false)
  })

  test('is there again when opening a socket throws', () => {
    const theirs = vi.fn()
    vi.stubGlobal('WebSocket', theirs)
    const open = () => {
      throw new TypeError('no such URL')
    }
    expect(() => withWebSocket(open)).toThrow('no such URL')
    expect(globalThis.WebSocket).toBe(theirs)
  })
})

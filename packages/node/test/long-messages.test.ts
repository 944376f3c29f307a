import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { freshId, joinAs } from './support/joined'

/** A signalling server that says what the test likes, however long: a PeerServer passes on 100 MB of anybody. */
const serverOfOurs = async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const sockets: WebSocket[] = []
  server.on('connection', (socket) => {
    sockets.push(socket)
    socket.send(JSON.stringify({ type: 'OPEN' }))
  })
  const { port } = server.address() as AddressInfo
  return { server: { host: '127.0.0.1', port, secure: false }, say: (text: string) => sockets[0]?.send(text) }
}

test('a message that is longer than any offer is dropped before it is parsed', async () => {
  const { server, say } = await serverOfOurs()
  const offered = vi.fn(() => 'ignored' as const)
  const device = joinAs(freshId('device'), { server }, { offer: offered })
  await device.isOpen()
  const offer = (src: string, more: string) => {
    const sdp = { type: 'offer', sdp: 'v=0\r\n' }
    const payload = {
      type: 'data',
      sdp,
      connectionId: 'dc_1',
      label: 'nanopeer/1',
      serialization: 'raw',
      more,
    }
    return JSON.stringify({ type: 'OFFER', src, payload })
  }
  const parse = vi.spyOn(JSON, 'parse')
  say(offer('mallory', 'x'.repeat(131_072)))
  say(offer('friend', 'x'.repeat(65_536)))
  await expect.poll(() => offered.mock.calls.length).toBe(1)
  expect(offered).toHaveBeenCalledWith(expect.objectContaining({ remoteId: 'friend' }))
  expect(Math.max(...parse.mock.calls.map(([text]) => String(text).length))).toBeLessThanOrEqual(131_072)
  parse.mockRestore()
  expect(device.history).toEqual(['connecting', 'open'])
})

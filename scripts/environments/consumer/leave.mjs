/**
 * Leaves a signalling server that has frozen: it has taken the socket, and closes it no more. The process must end all the
 * same, soon after the peer is destroyed.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createPeer } from '@nanopeer/node'

/** Ms; a socket waits 1 s for the server's goodbye. */
const patience = 5000

/** What a WebSocket server answers with. Source: https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2 */
const accept = (/** @type {string | undefined} */ key) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

const frozen = createServer()
frozen.on('upgrade', ({ headers }, socket) => {
  const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  socket.write(
    `${[...head, `Sec-WebSocket-Accept: ${accept(headers['sec-websocket-key'])}`].join('\r\n')}\r\n\r\n`,
  )
  const open = Buffer.from(JSON.stringify({ type: 'OPEN' }))
  socket.write(Buffer.concat([Buffer.of(0x81, open.length), open]))
  socket.on('error', () => {})
  // Our end of it must not be what keeps the process running.
  socket.resume().unref()
  frozen.unref()
})
frozen.listen(0, '127.0.0.1')
await once(frozen, 'listening')
const { port } = /** @type {import('node:net').AddressInfo} */ (frozen.address())

const peer = createPeer('device', { server: { host: '127.0.0.1', port, secure: false }, iceServers: [] })
await peer.open()
const leftAt = performance.now()
await peer.destroy()
process.on('exit', () => {
  const ms = Math.round(performance.now() - leftAt)
  assert(ms < patience, `The process ended ${ms} ms after it had left.`)
  console.log(`The process ended ${ms} ms after it had left a frozen server.`)
})

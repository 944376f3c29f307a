/** A WebSocket client with nothing to it, so that the load costs less than what it is put on. */
import { once } from 'node:events'
import { connect } from 'node:net'

const mask = Buffer.alloc(4)

/** A text frame from a client: masked, with a mask of zeros, which leaves the text as it is. @param {string} text */
export function frameOf(text) {
  const payload = Buffer.from(text)
  const size = payload.length
  const head = size < 126 ? Buffer.alloc(2) : Buffer.alloc(4)
  head[0] = 0x81
  head[1] = 0x80 | Math.min(size, 126)
  if (size >= 126) head.writeUInt16BE(size, 2)
  return Buffer.concat([head, mask, payload])
}

/**
 * Registers an id.
 *
 * @param {number} port
 * @param {string} id
 * @param {(text: string) => void} onText gets every frame but OPEN
 */
export async function register(port, id, onText) {
  const socket = connect(port, '127.0.0.1').setNoDelay()
  await once(socket, 'connect')
  socket.write(
    `GET /peerjs?key=peerjs&id=${id}&token=t&version=1.5.5 HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
  )
  /** @type {Buffer} */
  let rest = Buffer.alloc(0)
  let isUpgraded = false
  await new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.on('data', (/** @type {Buffer} */ chunk) => {
      rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
      if (!isUpgraded) {
        const end = rest.indexOf('\r\n\r\n')
        if (end < 0) return
        isUpgraded = true
        rest = rest.subarray(end + 4)
      }
      for (;;) {
        const short = rest.length < 2 ? 0 : (rest[1] ?? 0)
        const start = short < 126 ? 2 : 4
        if (rest.length < start) return
        const end = start + (short < 126 ? short : rest.readUInt16BE(2))
        if (rest.length < end) return
        const text = rest.toString('utf8', start, end)
        rest = rest.subarray(end)
        if (text.startsWith('{"type":"OPEN"')) resolve(undefined)
        else onText(text)
      }
    })
  })
  return socket
}

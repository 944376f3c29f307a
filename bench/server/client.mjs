/** A client on a bare TCP socket: nothing to it, so that the load costs less than what it is put on. */
import { connect } from 'node:net'

const mask = Buffer.alloc(4)

/** @param {number} opcode @param {Buffer} payload up to 64 KiB; masked with zeros, which leaves it as it is */
function frame(opcode, payload) {
  const size = payload.length
  const head = size < 126 ? Buffer.alloc(2) : Buffer.alloc(4)
  head[0] = 0x80 | opcode
  head[1] = 0x80 | Math.min(size, 126)
  if (size >= 126) head.writeUInt16BE(size, 2)
  return Buffer.concat([head, mask, payload])
}

/** A text frame from a client. @param {string} text */
export const frameOf = (text) => frame(1, Buffer.from(text))

/**
 * @typedef {object} Registration
 * @property {number} port
 * @property {string} id
 * @property {string} [token]
 * @property {string} [localAddress] another address of this machine to come from, such as 127.0.0.2
 */

/**
 * @typedef {object} Events
 * @property {() => void} [opened] the id is registered
 * @property {(text: string) => void} [text] any frame but OPEN
 * @property {(code: number) => void} [closed] with the code of the WebSocket; the HTTP status where it never was one; 0
 *   where the connection was just lost, -1 where there was none
 */

/**
 * Opens a socket for an id.
 *
 * @param {Registration} registration @param {Events} events
 */
export function openClient({ port, id, token = 't', localAddress }, { opened, text, closed }) {
  const socket = connect({ port, host: '127.0.0.1', localAddress }).setNoDelay()
  /** @type {Buffer} */
  let rest = Buffer.alloc(0)
  let isUpgraded = false
  let code = -1

  const readHead = () => {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) return false
    const status = Number(rest.toString('latin1', 9, 12))
    isUpgraded = status === 101
    if (!isUpgraded) code = status
    rest = rest.subarray(end + 4)
    return isUpgraded
  }

  /** @returns whether there was a whole frame */
  const readFrame = () => {
    const short = rest.length < 2 ? 0 : (rest[1] ?? 0)
    const start = short < 126 ? 2 : short === 126 ? 4 : 10
    if (rest.length < start) return false
    const size = short < 126 ? short : short === 126 ? rest.readUInt16BE(2) : Number(rest.readBigUInt64BE(2))
    if (rest.length < start + size) return false
    const payload = rest.subarray(start, start + size)
    const opcode = (rest[0] ?? 0) & 15
    rest = rest.subarray(start + size)
    if (opcode === 8) {
      code = size >= 2 ? payload.readUInt16BE(0) : 1005
      socket.end(frame(8, payload.subarray(0, 2)))
    } else if (opcode === 1) {
      const message = payload.toString()
      if (message.startsWith('{"type":"OPEN"')) opened?.()
      else text?.(message)
    }
    return true
  }

  socket.on('connect', () => {
    code = 0
    socket.write(
      `GET /peerjs?key=peerjs&id=${id}&token=${token}&version=1.5.5 HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\n` +
        'Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    )
  })
  socket.on('data', (/** @type {Buffer} */ chunk) => {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    if (!isUpgraded && !readHead()) return
    while (readFrame());
  })
  // What became of it is said when it closes.
  socket.on('error', () => {})
  socket.on('close', () => closed?.(code))
  return socket
}

/**
 * Registers an id. Rejects where it is refused.
 *
 * @param {Registration} registration
 * @param {(text: string) => void} [text] gets every frame but OPEN
 * @returns {Promise<import('node:net').Socket>}
 */
export const register = (registration, text) =>
  new Promise((resolve, reject) => {
    const socket = openClient(registration, {
      opened: () => resolve(socket),
      text,
      closed: (code) => reject(new Error(`${registration.id} was refused with ${code}.`)),
    })
  })

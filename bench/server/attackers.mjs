/** Those who mean harm, in a process of their own and from an address of their own. What they reach, others must not feel. */
import { frameOf, openClient, register } from './client.mjs'

const localAddress = '127.0.0.66'
let isOver = false

/** How it went. */
const counts = { sent: 0, connected: 0, refused: 0, dropped: 0 }

/** Sends as fast as its socket takes it. @param {import('node:net').Socket} socket @param {() => Buffer} next */
function pour(socket, next) {
  const timer = setInterval(() => {
    if (isOver) return clearInterval(timer)
    for (let burst = 0; burst < 200 && !socket.writableNeedDrain; burst += 1) {
      counts.sent += 1
      socket.write(next())
    }
  }, 5)
  socket.on('close', () => {
    clearInterval(timer)
    counts.dropped += 1
  })
}

/** @param {string} dst @param {number} bytes */
const offer = (dst, bytes) => frameOf(JSON.stringify({ type: 'OFFER', dst, payload: 'x'.repeat(bytes) }))

const attacks = {
  /** A hundred clients send what they can: half to one who is there, half to ids that nobody has. @param {number} port */
  async flood(port) {
    await register({ port, id: 'victim', localAddress })
    const toVictim = offer('victim', 1_000)
    let nobody = 0
    for (let index = 0; index < 100; index += 1) {
      const socket = await register({ port, id: `flood-${index}`, localAddress })
      pour(socket, index % 2 === 0 ? () => toVictim : () => offer(`nobody-${nobody++ % 10_000}`, 1_000))
    }
  },

  /** A hundred clients read next to nothing, and are sent 50 KB again and again by others. @param {number} port */
  async slow(port) {
    const join = (/** @type {number} */ index) => {
      const socket = openClient(
        { port, id: `slow-${index}`, localAddress },
        {
          opened: () => socket.pause(),
          closed: () => {
            counts.dropped += 1
            if (!isOver) setTimeout(() => join(index), 500)
          },
        },
      )
      // A socket that is not read does not notice its end either.
      const timer = setInterval(() => {
        socket.resume()
        setTimeout(() => socket.pause(), 5)
      }, 3_000)
      socket.once('close', () => clearInterval(timer))
    }
    for (let index = 0; index < 100; index += 1) join(index)
    for (let index = 0; index < 20; index += 1) {
      const socket = await register({ port, id: `sender-${index}`, localAddress })
      pour(socket, () => offer(`slow-${Math.floor(Math.random() * 100)}`, 50_000))
    }
  },

  /** Sockets as fast as they open, for ids that others hold. @param {number} port */
  async guess(port) {
    const one = () =>
      openClient(
        { port, id: `client-${Math.floor(Math.random() * 100)}`, token: 'a guess', localAddress },
        {
          text: () => {
            counts.connected += 1
          },
          closed: () => {
            counts.refused += 1
            if (!isOver) setImmediate(one)
          },
        },
      )
    for (let index = 0; index < 50; index += 1) one()
  },
}

process.once('disconnect', () => process.exit())
process.on(
  'message',
  async (/** @type {{ action: keyof typeof attacks | 'stop', wanted: { port: number } }} */ message) => {
    if (message.action === 'stop') isOver = true
    else await attacks[message.action](message.wanted.port)
    process.send?.(counts)
  },
)

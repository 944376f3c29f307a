/** The clients, in a process of their own: does what its parent asks for, and answers with what it measured. */
import { frameOf, register } from './client.mjs'

/** About what an offer weighs. */
const payload = 'x'.repeat(1_000)
/** Messages that a pair has under way at once, when the server is to be saturated. */
const window = 8

/** @type {{ socket: import('node:net').Socket, id: string, onText: (text: string) => void }[]} */
const clients = []
/** @type {NodeJS.Timeout | undefined} */
let heartbeat

/** @param {{ ports: number[], count: number, name?: string }} wanted one after another at each of the ports */
async function open({ ports, count, name = 'client' }) {
  const batch = 100
  while (clients.length < count) {
    const start = clients.length
    await Promise.all(
      Array.from({ length: Math.min(batch, count - start) }, async (_, offset) => {
        const index = start + offset
        /** @type {(typeof clients)[0]} */
        const client = { id: `${name}-${index}`, onText: () => {}, socket: /** @type {never} */ (null) }
        clients[index] = client
        client.socket = await register({ port: ports[index % ports.length] ?? 0, id: client.id }, (text) =>
          client.onText(text),
        )
      }),
    )
  }
  const beat = frameOf('{"type":"HEARTBEAT"}')
  let at = 0
  // Every client once in 5 s, as PeerJS does it.
  heartbeat = setInterval(() => {
    for (let left = Math.ceil(clients.length / 100); left > 0; left -= 1) {
      clients[at % clients.length]?.socket.write(beat)
      at += 1
    }
  }, 50)
}

/** Neighbours in the list, which are at different ports where there are two. @param {number} most */
const pairs = (most) =>
  Array.from({ length: Math.min(most, Math.floor(clients.length / 2)) }, (_, index) => ({
    from: /** @type {(typeof clients)[0]} */ (clients[index * 2]),
    to: /** @type {(typeof clients)[0]} */ (clients[index * 2 + 1]),
  }))

/** As many messages as get through. @param {{ messages: number }} wanted */
async function saturate({ messages }) {
  const start = performance.now()
  let sent = 0
  let received = 0
  await new Promise((resolve) => {
    for (const { from, to } of pairs(64)) {
      const frame = frameOf(JSON.stringify({ type: 'OFFER', dst: to.id, payload }))
      const send = () => {
        if (sent >= messages) return
        sent += 1
        from.socket.write(frame)
      }
      to.onText = () => {
        received += 1
        if (received === messages) resolve(undefined)
        else send()
      }
      for (let under = 0; under < window; under += 1) send()
    }
  })
  return { perSecond: (messages / (performance.now() - start)) * 1000 }
}

/** A thousand messages a second, and how long they take. @param {{ seconds: number }} wanted */
async function pace({ seconds }) {
  /** @type {number[]} */
  const times = []
  const all = pairs(500)
  for (const { to } of all) {
    to.onText = (text) => times.push(performance.now() - Number(JSON.parse(text).payload.at))
  }
  const end = performance.now() + seconds * 1000
  let sent = 0
  const start = performance.now()
  while (performance.now() < end) {
    while (sent < performance.now() - start) {
      const pair = all[sent % all.length]
      const message = { type: 'OFFER', dst: pair?.to.id, payload: { at: performance.now(), payload } }
      pair?.from.socket.write(frameOf(JSON.stringify(message)))
      sent += 1
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (times.length < sent) await new Promise((resolve) => setTimeout(resolve, 5))
  times.sort((a, b) => a - b)
  const at = (/** @type {number} */ share) =>
    Number((times[Math.floor(times.length * share)] ?? 0).toPrecision(3))
  return { p50: at(0.5), p95: at(0.95) }
}

const actions = { open, saturate, pace }

process.once('disconnect', () => process.exit())
process.on(
  'message',
  async (/** @type {{ action: keyof typeof actions, wanted: never }} */ { action, wanted }) => {
    process.send?.((await actions[action](wanted)) ?? {})
  },
)
process.once('exit', () => clearInterval(heartbeat))

/** Clients that come back by themselves, as nanopeer's do, in a process of their own that does what its parent asks for. */
import { frameOf, openClient } from './client.mjs'

/** How long nanopeer waits before it comes back, in ms: half of it, and up to as much again at random. */
const [firstDelay, longestDelay] = [500, 30_000]
/** Sockets that one address of this machine holds: the server takes a thousand. */
const perAddress = 500

/** A message that was sent, by its number; `told`: its sender got EXPIRE for it. @type {Map<number, Message>} */
const messages = new Map()
/** @typedef {{ from: string, to: string, at: number, state: 'sent' | 'arrived' | 'told' }} Message */

class Walker {
  /** When it lost its server, in ms since 1970; null while it has one. @type {number | null} */
  lostAt = Date.now()
  longestGap = 0
  /** Codes with which it lost its server. @type {number[]} */
  closings = []
  #failures = 0
  #sockets = 0
  /** @type {import('node:net').Socket | null} */
  #socket = null

  /** @param {number} index @param {readonly number[]} ports @param {boolean} hasNewTokens whether it shows another token each time */
  constructor(index, ports, hasNewTokens) {
    this.id = `walker-${index}`
    this.index = index
    this.ports = ports
    this.at = index % ports.length
    this.hasNewTokens = hasNewTokens
  }

  start() {
    this.#sockets += 1
    const token = this.hasNewTokens ? `${this.id}-${this.#sockets}` : this.id
    const localAddress = `127.0.1.${1 + Math.floor(this.index / perAddress)}`
    const port = this.ports[this.at] ?? 0
    this.#socket = openClient(
      { port, id: this.id, token, localAddress },
      {
        opened: () => this.#opened(),
        text: (text) => this.#read(text),
        closed: (code) => this.#lost(code),
      },
    )
  }

  /** @param {Buffer} frame */
  send(frame) {
    this.#socket?.write(frame)
  }

  #opened() {
    if (this.lostAt !== null && this.closings.length > 0) {
      this.longestGap = Math.max(this.longestGap, Date.now() - this.lostAt)
    }
    this.lostAt = null
    this.#failures = 0
  }

  /** @param {string} text */
  #read(text) {
    const { type, src, payload } = JSON.parse(text)
    if (type === 'OFFER') {
      const message = messages.get(payload.number)
      if (message) message.state = 'arrived'
    } else if (type === 'EXPIRE') {
      // One for all that waited.
      for (const message of messages.values()) {
        if (message.from === this.id && message.to === src && message.state === 'sent') message.state = 'told'
      }
    }
  }

  /** @param {number} code */
  #lost(code) {
    if (this.lostAt === null) {
      this.lostAt = Date.now()
      this.closings.push(code)
    }
    // A proxy in front tries another node where one is not there.
    if (code === -1) {
      this.at = (this.at + 1) % this.ports.length
      return this.start()
    }
    const delay = Math.min(longestDelay, firstDelay * 2 ** this.#failures) * (0.5 + Math.random() / 2)
    this.#failures += 1
    setTimeout(() => this.start(), delay)
  }
}

/** @type {Walker[]} */
let walkers = []
/** @type {NodeJS.Timeout | undefined} */
let timer
let number = 0

/** @param {() => boolean} holds */
async function until(holds) {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
}

const actions = {
  /** Registers so many, evenly over the ports; every second one shows a new token each time. @param {{ ports: number[], count: number }} wanted */
  async open({ ports, count }) {
    walkers = Array.from({ length: count }, (_, index) => new Walker(index, ports, index % 4 < 2))
    for (let start = 0; start < count; start += 100) {
      const batch = walkers.slice(start, start + 100)
      for (const walker of batch) walker.start()
      await until(() => batch.every(({ lostAt }) => lostAt === null))
    }
    const beat = frameOf('{"type":"HEARTBEAT"}')
    let at = 0
    setInterval(() => {
      for (let left = Math.ceil(count / 100); left > 0; left -= 1) walkers[at++ % count]?.send(beat)
    }, 50)
  },

  /** Sends from those at one port to those at another, until `settle`. @param {{ from: number, to: number, perSecond: number }} wanted */
  chat({ from, to, perSecond }) {
    const at = (/** @type {number} */ port) => walkers.filter((walker) => walker.ports[walker.at] === port)
    const [senders, receivers] = [at(from), at(to)]
    timer = setInterval(() => {
      for (let left = Math.ceil(perSecond / 100); left > 0; left -= 1) {
        const sender = senders[Math.floor(Math.random() * senders.length)]
        const receiver = receivers[Math.floor(Math.random() * receivers.length)]
        if (!sender || !receiver || sender.lostAt !== null) continue
        number += 1
        messages.set(number, { from: sender.id, to: receiver.id, at: Date.now(), state: 'sent' })
        sender.send(frameOf(JSON.stringify({ type: 'OFFER', dst: receiver.id, payload: { number } })))
      }
    }, 10)
  },

  /**
   * Stops sending, waits until everything has come or its sender was told that it does not, and says when what did neither
   * was sent.
   *
   * @param {{ patience: number }} wanted in ms
   */
  async settle({ patience }) {
    clearInterval(timer)
    const end = Date.now() + patience
    const inState = (/** @type {Message['state']} */ wanted) =>
      [...messages.values()].filter(({ state }) => state === wanted)
    await until(() => inState('sent').length === 0 || Date.now() > end)
    return {
      sent: messages.size,
      told: inState('told').length,
      lost: inState('sent').map(({ at }) => at),
    }
  },

  /** Resolves when so many have lost their server at least once, and all have one again. @param {{ lost: number }} wanted */
  async back({ lost }) {
    const hasLost = (/** @type {Walker} */ { closings }) => closings.length > 0
    await until(() => walkers.filter(hasLost).length >= lost)
    await until(() => walkers.every(({ lostAt }) => lostAt === null))
    return { at: Date.now() }
  },

  /** How it went for them so far. */
  tell() {
    const gaps = walkers
      .flatMap(({ longestGap }) => (longestGap > 0 ? [longestGap] : []))
      .sort((a, b) => a - b)
    const codes = walkers.flatMap(({ closings }) => closings)
    return {
      medianGap: gaps[Math.floor(gaps.length / 2)] ?? 0,
      longestGap: gaps.at(-1) ?? 0,
      closings: Object.fromEntries(
        [...new Set(codes)].map((code) => [code, codes.filter((one) => one === code).length]),
      ),
    }
  },
}

process.once('disconnect', () => process.exit())
process.on(
  'message',
  async (/** @type {{ action: keyof typeof actions, wanted: never }} */ { action, wanted }) => {
    process.send?.((await actions[action](wanted)) ?? {})
  },
)

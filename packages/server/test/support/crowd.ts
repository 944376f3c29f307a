import { onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'

/** Ms until the first attempt to come back. */
const backoff = 100

/** A message that a member of the crowd sent to another. */
export interface Sent {
  readonly number: number
  readonly to: Walker
  /** In ms, of the clock that `performance.now()` reads. */
  readonly at: number
}

/** A client that comes back by itself, as nanopeer's do: to another node, with the same id. */
export class Walker {
  readonly id: string
  /** Numbers of the messages that came. */
  readonly received = new Set<number>()
  /** Codes with which its sockets were closed. */
  readonly closings: number[] = []
  /** When it lost its server; null while it has one. */
  lostAt: number | null = performance.now()
  /** Longest time without a server so far, in ms. */
  longestGap = 0
  /** Most sockets that it took to have a server again. */
  mostDials = 0
  /** Whether it shows a new token each time, as a reloaded page of PeerJS does. */
  hasNewTokens = false
  readonly #ports: readonly number[]
  #at: number
  #socket: WebSocket | null = null
  #isOver = false
  #tokens = 0
  #dials = 0

  /** @param at which of the ports it begins with */
  constructor(id: string, ports: readonly number[], at: number) {
    this.id = id
    this.#ports = ports
    this.#at = at
  }

  get port(): number {
    return this.#ports[this.#at % this.#ports.length] as number
  }

  get isRegistered(): boolean {
    return this.lostAt === null
  }

  start(): void {
    const token = this.hasNewTokens ? `${this.id}-${this.#tokens}` : this.id
    this.#tokens += 1
    this.#dials += 1
    const socket = new WebSocket(`ws://127.0.0.1:${this.port}/peerjs?key=peerjs&id=${this.id}&token=${token}`)
    this.#socket = socket
    socket.on('message', (data) => this.#read(JSON.parse(data.toString())))
    socket.on('error', () => {})
    socket.on('close', (code) => this.#lost(code))
  }

  send(to: Walker, number: number): Sent {
    this.#socket?.send(JSON.stringify({ type: 'OFFER', dst: to.id, payload: number }))
    return { number, to, at: performance.now() }
  }

  stop(): void {
    this.#isOver = true
    this.#socket?.terminate()
  }

  #read({ type, payload }: { type: string; payload?: unknown }): void {
    if (type === 'OFFER') this.received.add(payload as number)
    if (type !== 'OPEN' || this.lostAt === null) return
    if (this.closings.length > 0) {
      this.longestGap = Math.max(this.longestGap, performance.now() - this.lostAt)
      this.mostDials = Math.max(this.mostDials, this.#dials)
    }
    this.lostAt = null
  }

  #lost(code: number): void {
    if (this.#isOver) return
    if (this.lostAt === null) {
      this.closings.push(code)
      this.lostAt = performance.now()
      this.#dials = 0
    }
    this.#at += 1
    setTimeout(() => !this.#isOver && this.start(), backoff * (0.5 + Math.random()))
  }
}

/** Registers so many clients, evenly over the nodes, until the test is over. */
export const gather = async (ports: readonly number[], count: number): Promise<Walker[]> => {
  const crowd = Array.from({ length: count }, (_, index) => new Walker(`walker-${index}`, ports, index))
  onTestFinished(() => {
    for (const walker of crowd) walker.stop()
  })
  for (const walker of crowd) walker.start()
  await vi.waitUntil(() => crowd.every(({ isRegistered }) => isRegistered), { timeout: 30_000 })
  return crowd
}

/** Every message has a number of its own, whichever chat it is of. */
let messages = 0

/** Sends from one to another at random, so many messages a second, until the returned function is called. */
export const chat = (from: readonly Walker[], to: readonly Walker[], perSecond: number) => {
  const sent: Sent[] = []
  const timer = setInterval(() => {
    const due = Math.ceil(perSecond / 100)
    for (let message = 0; message < due; message += 1) {
      const sender = from[Math.floor(Math.random() * from.length)]
      const receiver = to[Math.floor(Math.random() * to.length)]
      // Whoever has no socket says nothing: it is not what is lost on the way.
      if (!sender?.isRegistered || !receiver) continue
      messages += 1
      sent.push(sender.send(receiver, messages))
    }
  }, 10)
  return () => {
    clearInterval(timer)
    return sent
  }
}

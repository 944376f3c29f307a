import type { RawData, WebSocket } from 'ws'

/**
 * Frames of one client that are handled before the others have their turn, in one millisecond. One read brings up to 64 KiB of
 * them, hundreds or thousands; a client that does not flood has a few under way.
 */
const share = 8

/** As how many frames one counts: to read 128 KiB that are nothing but brackets takes as long as to read a hundred offers. */
export const weightOf = (data: RawData): number => 1 + ((data as Buffer).length >> 13)

/**
 * Frames of one client that may wait. One read brings more only where they are shorter than any that says something, and each takes
 * 150 bytes: of a thousand sockets a gigabyte and a half.
 */
const mostWaiting = 1024

/** Hands out turns: whoever has more frames than its share goes on when the event loop comes round again. */
export class Turns {
  readonly #waiting = new Set<Reader>()

  /** Gives a reader another turn, once. */
  add(reader: Reader): void {
    if (this.#waiting.size === 0) setImmediate(() => this.#next())
    this.#waiting.add(reader)
  }

  #next(): void {
    const readers = [...this.#waiting]
    this.#waiting.clear()
    for (const reader of readers) reader.turn()
  }
}

/** The frames of one socket, in their order. While some of them wait, it is not read. */
export class Reader {
  readonly #socket: WebSocket
  readonly #turns: Turns
  readonly #handle: (data: RawData) => void
  readonly #waiting: RawData[] = []
  /** Frames handled in the millisecond `#since`: to know when the event loop comes round costs more than a heartbeat. */
  #handled = 0
  #since = 0
  #isHeld = false
  #isGivenUp = false

  constructor(socket: WebSocket, turns: Turns, handle: (data: RawData) => void) {
    this.#socket = socket
    this.#turns = turns
    this.#handle = handle
  }

  /**
   * A frame came.
   *
   * @param now in ms
   * @returns false where too many wait: they are forgotten, and what comes from now on is not heard
   */
  take(data: RawData, now: number): boolean {
    if (this.#isGivenUp) return true
    if (now !== this.#since) {
      this.#since = now
      this.#handled = 0
    }
    if (this.#isHeld || this.#handled >= share || this.#waiting.length > 0) {
      if (this.#waiting.push(data) === 1 && !this.#isHeld) this.#turns.add(this)
      this.#socket.pause()
      if (this.#waiting.length > mostWaiting) return this.#giveUp()
    } else {
      this.#handleNow(data)
    }
    return true
  }

  #handleNow(data: RawData): void {
    this.#handled += weightOf(data)
    this.#handle(data)
  }

  #giveUp(): false {
    this.#isGivenUp = true
    this.#waiting.length = 0
    return false
  }

  /** Does not go on for so many ms. @returns false where it does not already */
  hold(ms: number): boolean {
    if (this.#isHeld) return false
    this.#isHeld = true
    this.#socket.pause()
    const resume = () => {
      this.#isHeld = false
      this.#turns.add(this)
    }
    setTimeout(resume, ms).unref()
    return true
  }

  /** The socket is closed: what it said before that counts still, unless it said too much. */
  finish(): void {
    while (!this.#isHeld && this.#waiting.length > 0) this.turn()
  }

  /** Its turn: as much as its share of what waits. */
  turn(): void {
    this.#handled = 0
    while (!this.#isHeld && this.#handled < share) {
      const frame = this.#waiting.shift()
      if (frame === undefined) break
      this.#handleNow(frame)
    }
    if (this.#isHeld) return
    if (this.#waiting.length > 0) this.#turns.add(this)
    else if (this.#socket.isPaused) this.#socket.resume()
  }
}

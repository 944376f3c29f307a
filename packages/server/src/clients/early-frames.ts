/**
 * What may come before OPEN. nanopeer's clients send echoes and heartbeats, of some 400 bytes at most. PeerJS's send what an app
 * dials before it hears `open` as soon as the socket is: an offer of audio and video has about 7 KB, its candidates 300 bytes each.
 */
const most = { frames: 16, bytes: 16 * 1024 }

/** The frames of a socket that is not registered yet, in their order. Who sends more than a few is not to be kept. */
export class EarlyFrames {
  #frames: string[] = []
  #bytes = 0

  /** Keeps one more. @returns false where that is too much */
  add(text: string): boolean {
    this.#bytes += Buffer.byteLength(text)
    if (this.#bytes > most.bytes || this.#frames.length >= most.frames) return false
    this.#frames.push(text)
    return true
  }

  /** Hands them out, and forgets them. */
  take(): readonly string[] {
    const frames = this.#frames
    this.#frames = []
    return frames
  }
}

import type { Duplex } from 'node:stream'
import { addressGroup } from './client-address'

/** Counts the open sockets of each address. */
export class AddressCount {
  readonly #sockets = new Map<string, number>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  /** Counts a socket until it closes. @returns false where it is one too many, and is not counted */
  admits(address: string, socket: Duplex): boolean {
    const group = addressGroup(address)
    const count = this.#sockets.get(group) ?? 0
    if (count >= this.#most) return false
    this.#sockets.set(group, count + 1)
    socket.once('close', () => this.#forget(group))
    return true
  }

  #forget(group: string): void {
    const count = (this.#sockets.get(group) ?? 0) - 1
    if (count > 0) this.#sockets.set(group, count)
    else this.#sockets.delete(group)
  }
}

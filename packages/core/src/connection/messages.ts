import { LimitError } from '../base/limits'
import { tell } from '../store'
import { openEnvelope } from './envelope'

/** Messages that wait for their first listener, and bytes of memory: all names of one connection together. */
export const keptMessages = 1000
export const keptBytes = 4 * 1024 * 1024

/** `weight`: about what the value takes in memory, bytes. */
export type MessageListener = (value: unknown, weight: number) => void

interface Waiting {
  readonly value: unknown
  readonly weight: number
}

/** Those who listen to one name, and what waits for the first of them. */
interface Channel {
  readonly listeners: Set<MessageListener>
  waiting: Waiting[]
}

/**
 * Messages of one connection, with names and without: those that came before anybody listened are kept for the first
 * listener, or, with a name, for all who listen in the turn of the first one.
 */
export class Messages {
  /** By name; null for messages without one. */
  private readonly channels = new Map<string | null, Channel>()
  private waiting = 0
  private waitingBytes = 0
  /** Told once until somebody listens: a flood of messages must not become a flood of reports. */
  private isReported = false

  /** Returns the listener's undo. */
  listen(listener: MessageListener, name: string | null = null): () => void {
    const channel = this.channelOf(name)
    // Of its own, however often the same function is given.
    const own: MessageListener = (...heard) => listener(...heard)
    channel.listeners.add(own)
    this.isReported = false
    if (name === null) this.deliver(channel)
    else if (channel.waiting.length > 0) queueMicrotask(() => this.deliver(channel))
    return () => {
      channel.listeners.delete(own)
      this.tidy(name, channel)
    }
  }

  /**
   * Tells the listeners, or keeps it. Returns why it is lost, where nobody was told so before.
   *
   * @param weight about what it takes in memory, bytes
   * @param most bytes that may wait of this remote: all of them share one memory
   * @param namesKnown whether the remote knows of names: what a plain one sends has none, whatever it looks like
   */
  receive(message: unknown, weight: number, most: number, namesKnown = true): LimitError | null {
    const { name, value } = (namesKnown && openEnvelope(message)) || { name: null, value: message }
    const channel = this.channels.get(name)
    // Behind those that wait for the end of this turn.
    if (!channel || channel.listeners.size === 0 || channel.waiting.length > 0)
      return this.keep(name, { value, weight }, most)
    this.tell(channel, { value, weight })
    return null
  }

  private keep(name: string | null, message: Waiting, most: number): LimitError | null {
    const bytes = this.waitingBytes + message.weight
    // The last one, or a single one, may be larger than what is kept of many.
    if (bytes <= most && this.waitingBytes < keptBytes && this.waiting < keptMessages) {
      this.channelOf(name).waiting.push(message)
      this.waiting++
      this.waitingBytes = bytes
      return null
    }
    if (this.isReported) return null
    this.isReported = true
    const text = 'Messages are dropped: nobody listens with onMessage().'
    return new LimitError('unreadMessages', 'OVERLOADED', text)
  }

  private deliver(channel: Channel): void {
    // Who hears one may leave, and the others are for whoever comes next.
    while (channel.listeners.size > 0) {
      const message = channel.waiting.shift()
      if (!message) return
      this.waiting--
      this.waitingBytes -= message.weight
      this.tell(channel, message)
    }
  }

  private channelOf(name: string | null): Channel {
    const channel = this.channels.get(name) ?? { listeners: new Set(), waiting: [] }
    this.channels.set(name, channel)
    return channel
  }

  /** A remote may think of any number of names. */
  private tidy(name: string | null, channel: Channel): void {
    if (channel.listeners.size > 0 || channel.waiting.length > 0) return
    // Another one may have taken its place: an undo may be called twice.
    if (this.channels.get(name) === channel) this.channels.delete(name)
  }

  private tell({ listeners }: Channel, { value, weight }: Waiting): void {
    for (const listener of [...listeners]) {
      // One that hears it may unmount another.
      if (listeners.has(listener)) tell(() => listener(value, weight))
    }
  }
}

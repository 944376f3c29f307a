import type { EngineCounts, EngineNode } from '../../engine'
import { expireOf, isQueued, type Message, readMessage } from '../../protocol/messages'
import { createExpiry, type Expiry, type WaitingPair } from '../expiry'
import { letterKinds } from './inbox'
import { route, type Script, takeBack } from './scripts'

/** How long what waits may lie in Redis beyond its time, in ms: for nodes that died meanwhile. */
const slack = 2_000

export interface RoutesContext {
  readonly node: EngineNode
  readonly counts: EngineCounts
  run(id: string, script: Script, args: readonly string[]): Promise<unknown>
}

/** How a message is sent: for the first time, again by a node that does not hold its destination, or only to wait. */
type Way = keyof typeof letterKinds | 'wait'

/** Brings messages to other nodes. */
export class Routes {
  readonly #context: RoutesContext
  readonly #expiry: Expiry

  constructor(context: RoutesContext) {
    this.#context = context
    this.#expiry = createExpiry(context.node.settings.expire, (pair) => this.#takeBack(pair))
  }

  send(message: Message, way: Way): void {
    const { counts, run, node } = this.#context
    const { src, dst, text } = message
    const mayWait = isQueued(message) && !this.#expiry.isFull
    const kind = way === 'wait' ? '' : letterKinds[way]
    const most = mayWait ? node.settings.queued : 0
    run(dst, route, [dst, text, kind, src, String(most), String(node.settings.expire + slack)]).then(
      (answer) => {
        if (answer === 1) counts.forwarded += 1
        else if (answer === 2 || answer === 3) {
          counts.queued += 1
          this.#expiry.add(message, answer === 3)
        } else if (isQueued(message)) this.#expire(message)
      },
      () => {
        // Redis is away: whoever dials should know at once, and try again.
        if (isQueued(message)) this.#expire(message)
      },
    )
  }

  /** A frame came for a client that is not here. */
  astray(text: string, way: 'first' | 'again'): void {
    this.send(readMessage(text), way === 'first' ? 'again' : 'wait')
  }

  stop(): void {
    this.#expiry.stop()
  }

  #takeBack({ src, dst }: WaitingPair): void {
    this.#context.run(dst, takeBack, [dst, src]).then(
      (taken) => {
        if (Number(taken) > 0) this.#expire({ src, dst })
      },
      // It is not known whether it was delivered; the dial has a deadline of its own.
      (error) =>
        this.#context.node.logger.debug({ reason: String(error) }, 'What waited could not be taken back'),
    )
  }

  #expire(pair: WaitingPair): void {
    const expired = expireOf(pair)
    this.#context.counts.expired += 1
    if (!this.#context.node.deliver(expired)) this.send(expired, 'first')
  }
}

import { systemClock } from '../../src/base/clock'
import type { Link, Transport } from '../../src/base/transport'
import type { TestLink } from '../../testing/link'

/** What happens in the middle of an exchange, once. */
export interface Interruption {
  /** Whose messages are counted: A's, who types the code, or B's, who shows it. */
  readonly by: 'A' | 'B'
  /** Which of them is the last one before. */
  readonly after: number
  /** Ms in which it may still arrive. */
  readonly wait: number
  /** @param cut breaks the link of the exchange */
  happen(cut: () => void): void
}

const rendezvous = 'nanopeer-pair-'

/** A transport whose exchanges are interrupted as `interruption` says when they begin. */
export const breakable = (transport: Transport, interruption: () => Interruption | null): Transport => {
  const { clock = systemClock } = transport
  const watch = (link: Link, side: 'A' | 'B') => {
    const planned = interruption()
    if (planned?.by !== side) return
    let sent = 0
    const send = link.send.bind(link)
    link.send = (message) => {
      send(message)
      if (++sent === planned.after)
        clock.after(planned.wait, () => planned.happen(() => (link as TestLink).break()))
    }
  }
  return {
    ...transport,
    join(id, options, events) {
      const isExchange = id.startsWith(rendezvous)
      const signalling = transport.join(id, options, {
        ...events,
        link(link, standing) {
          if (isExchange) watch(link, 'B')
          events.link(link, standing)
        },
      })
      return {
        async dial(remoteId, dialOptions) {
          const link = await signalling.dial(remoteId, dialOptions)
          if (isExchange) watch(link, 'A')
          return link
        },
        dialPlain: (...given) => signalling.dialPlain(...given),
        retry: () => signalling.retry(),
        leave: () => signalling.leave(),
      }
    },
  }
}

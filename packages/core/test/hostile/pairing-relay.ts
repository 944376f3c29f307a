import { onTestFinished } from 'vitest'
import type { Link, SignallingEvents, SignallingOptions, Transport } from '../../src/base/transport'
import { decodeFrames } from '../../src/engine/wire/frame'
import { stepsOf } from './pairing-frames'

/** What a network is joined with. */
export interface Network {
  readonly transport: Transport
  readonly signalling?: SignallingOptions
}

/** What becomes of a message on its way: the ones that are passed on in its place. */
export type Change = (message: Uint8Array, sender: 'A' | 'B', count: number) => readonly Uint8Array[]

export const silentEvents: SignallingEvents = {
  connecting() {},
  open() {},
  disconnected() {},
  link() {},
  plain() {},
}

/**
 * Mallory between two that pair: at the rendezvous where one of them looks for it, and a dialler where the other is, under the
 * same ids, so that certificates alone are different. Resolves when she is there, with
 * everything that she sees.
 */
export const relayPairing = async (
  near: Network,
  far: Network,
  rendezvous: string,
  change: Change,
): Promise<readonly Uint8Array[]> => {
  const seen: Uint8Array[] = []
  const pass = (from: Link, to: Link, sender: 'A' | 'B') => {
    let count = 0
    from.listen({
      message(bytes) {
        seen.push(bytes.slice())
        for (const message of change(bytes, sender, count++)) to.send(new Uint8Array(message))
      },
      drained() {},
      closed: () => void to.close(),
    })
  }
  let isThere = () => {}
  const there = new Promise<void>((resolve) => (isThere = resolve))
  const inTheMiddle = near.transport.join(rendezvous, near.signalling ?? {}, {
    ...silentEvents,
    open: () => isThere(),
    async link(asked) {
      const asJoiner = far.transport.join(asked.remoteId, far.signalling ?? {}, silentEvents)
      onTestFinished(() => asJoiner.leave())
      const signal = new AbortController().signal
      const answered = await asJoiner.dial(rendezvous, { signal })
      pass(asked, answered, 'A')
      pass(answered, asked, 'B')
    },
  })
  onTestFinished(() => inTheMiddle.leave())
  await there
  return seen
}

/** The steps of a pairing that a message carries. */
export const stepsIn = (message: Uint8Array) => stepsOf({ frames: [...decodeFrames(message)] })

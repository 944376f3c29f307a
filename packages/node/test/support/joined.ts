import { onTestFinished } from 'vitest'
import type { Clock } from '../../../core/src/base/clock'
import type { NanopeerError } from '../../../core/src/base/errors'
import type {
  IncomingOffer,
  Link,
  PlainChannel,
  Signalling,
  SignallingOptions,
  Verdict,
} from '../../../core/src/base/transport'
import { carryEngine } from '../../../core/src/engine/carry'
import { createPeerjsTransport } from '../../../core/src/peer/peerjs-transport'
import { nodeEnvironment } from '../../src/transport'
import { prepareWebrtc } from './webrtc'

/** A device that has joined, and all that its signalling told. */
export interface Joined {
  readonly id: string
  readonly signalling: Signalling
  /** `connecting`, `open`, or the code of the error that disconnected it; oldest first. */
  readonly history: string[]
  readonly errors: NanopeerError[]
  readonly retryTimes: (number | null)[]
  readonly links: Link[]
  readonly plains: PlainChannel[]
  /** Resolves when it is registered, at once if it is. */
  isOpen(): Promise<void>
}

let count = 0

/** An id that no other test uses. */
export const freshId = (name: string) => `${name}-${process.pid}-${++count}`

export interface JoinSettings {
  readonly clock?: Clock
  offer?(offer: IncomingOffer): Verdict
  /** Where to leave the id to be given back. @default when the test ends */
  cleanUp?(leave: () => Promise<void>): void
}

/** Joins over real WebRTC in this process. */
export const joinAs = (
  id: string,
  options: SignallingOptions,
  { clock, offer, cleanUp = onTestFinished }: JoinSettings = {},
): Joined => {
  const transport = carryEngine(createPeerjsTransport({ ...nodeEnvironment, prepare: prepareWebrtc, clock }))
  const waiting: (() => void)[] = []
  const history: string[] = []
  const errors: NanopeerError[] = []
  const retryTimes: (number | null)[] = []
  const links: Link[] = []
  const plains: PlainChannel[] = []
  const signalling = transport.join(
    id,
    { iceServers: [], ...options },
    {
      connecting: () => history.push('connecting'),
      open() {
        history.push('open')
        for (const resolve of waiting.splice(0)) resolve()
      },
      disconnected(error, retryAt) {
        history.push(error.code)
        errors.push(error)
        retryTimes.push(retryAt)
      },
      offer,
      link: (link) => links.push(link),
      plain: (channel) => plains.push(channel),
    },
  )
  cleanUp(() => signalling.leave())
  return {
    id,
    signalling,
    history,
    errors,
    retryTimes,
    links,
    plains,
    isOpen: () =>
      history.at(-1) === 'open' ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve)),
  }
}

/** A deadline for a dial that is expected to succeed. */
export const soon = () => AbortSignal.timeout(10_000)

/** Reads a link into a list, and tells when it closed and by whom. */
export const readAll = (link: Link) => {
  const messages: Uint8Array[] = []
  const closed = new Promise<{ byRemote: boolean }>((resolve) => {
    link.listen({
      message: (bytes) => messages.push(bytes),
      drained() {},
      closed: (byRemote) => resolve({ byRemote }),
    })
  })
  return { messages, closed }
}

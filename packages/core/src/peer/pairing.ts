import { atom } from 'nanostores'
import type { Clock } from '../base/clock'
import { destroyed, NanopeerError } from '../base/errors'
import { type Pairing, type PairingState, startingPairing } from '../base/pairing'
import type { Transport } from '../base/transport'
import type { PeerOptions } from '../base/types'
import type { PairingHost } from '../engine'
import { publish } from '../store'
import { loadPairing } from './load-pairing'

/** What a pairing needs of its peer. */
interface Pairer {
  readonly id: string
  readonly options: PeerOptions
  readonly transport: Transport
  readonly clock: Clock
  readonly isDestroyed: boolean
  readonly revoked: Set<string>
  /** Why nothing can be opened; null where it can. */
  readonly unsupported: NanopeerError | null
}

/** The pairings of one peer. */
export class Pairings {
  /** What ends those that are under way. */
  private readonly ends = new Set<AbortController>()

  constructor(private readonly peer: Pairer) {}

  /** @param typed the code that was typed; null to show one */
  start(typed: string | null): Pairing {
    const $state = atom<PairingState>(startingPairing)
    const show = (state: PairingState) => publish($state, state)
    const ending = new AbortController()
    let answer: ((isWanted: boolean) => void) | null = null
    const { id, options, transport, clock, revoked, unsupported, isDestroyed } = this.peer
    const host: PairingHost = {
      id,
      options,
      transport,
      clock,
      revoked,
      signal: ending.signal,
      show,
      asked: (answered) => {
        answer = (isWanted) => {
          answer = null
          answered(isWanted)
        }
      },
    }
    const run = async () => {
      if (unsupported) throw unsupported
      return (await loadPairing(transport)).pair(host, typed)
    }
    this.ends.add(ending)
    if (isDestroyed) ending.abort(destroyed())
    const done = run().then(
      (remote) => {
        show({ ...startingPairing, status: 'paired', remote })
        return remote
      },
      (error: NanopeerError) => {
        show({ ...startingPairing, status: 'failed', error })
        throw error
      },
    )
    // It is shown, too: whoever looks at the state need not hear the promise.
    done.catch(() => {}).finally(() => this.ends.delete(ending))
    return {
      $state,
      done,
      replace: () => answer?.(true),
      cancel: () =>
        answer ? answer(false) : ending.abort(new NanopeerError('ABORTED', 'The pairing was cancelled.')),
    }
  }

  end(error: NanopeerError): void {
    for (const ending of this.ends) ending.abort(error)
  }
}

import { atom } from 'nanostores'
import { NanopeerError } from '../base/errors'
import { type Pairing, type PairingState, startingPairing } from '../base/pairing'
import type { Peer } from '../base/types'
import { derive, undoAll } from '../derive'
import { whileHeld } from '../request/while-held'
import { publish } from '../store'
import { peek, remember, type Views } from './view'

type IdleState = Omit<typeof startingPairing, 'status'> & { readonly status: 'idle' }

type PairingFunctions = Pick<Pairing, 'replace' | 'cancel'>

/** What `usePairing` gives. All functions are stable, and act on the peer of now. */
export type PairingView = (PairingState | IdleState) &
  PairingFunctions & {
    /** Shows a new code; one that is shown already is worth nothing from then on. */
    pair(this: void): void
  }

/** What `useJoin` gives. All functions are stable, and act on the peer of now. */
export type JoinView = (PairingState | IdleState) &
  PairingFunctions & {
    /** Pairs with the device that shows this code, or QR text. One call, one guess. */
    join(this: void, code: string): void
  }

/** What `usePairing` and `useJoin` are called with. */
export type PairingArguments = readonly [peer: Peer | null | undefined]

const idle: IdleState = { ...startingPairing, status: 'idle' }

/** The latest pairing of a mounted hook with one peer. It ends when nobody looks any more: whoever comes back begins anew. */
class LatestPairing {
  readonly $state = atom<PairingState | IdleState>(idle)
  private pairing: Pairing | null = null
  private unlisten = () => {}
  readonly hold = whileHeld(() => () => this.pairing?.cancel())

  begin(begin: () => Pairing): void {
    this.unlisten()
    this.pairing?.cancel()
    const pairing = begin()
    this.pairing = pairing
    this.unlisten = pairing.$state.subscribe((state) => publish(this.$state, state))
  }

  fail(error: NanopeerError): void {
    publish(this.$state, { ...startingPairing, status: 'failed', error })
  }

  replace(): void {
    this.pairing?.replace()
  }

  cancel(): void {
    this.pairing?.cancel()
  }
}

function createViews<Own extends object>(
  own: (begin: (how: (peer: Peer) => Pairing) => void) => Own,
): Views<PairingArguments, (PairingState | IdleState) & PairingFunctions & Own> {
  type Shown = (PairingState | IdleState) & PairingFunctions & Own
  interface Subject {
    readonly peer: Peer | null
    readonly latest: LatestPairing
  }
  // Whoever has these functions got them from a view, so there is one.
  const subject = () => views.current() as Subject
  const begin = (how: (peer: Peer) => Pairing) => {
    const { peer, latest } = subject()
    if (peer) latest.begin(() => how(peer))
    else
      latest.fail(
        new NanopeerError('INVALID_INPUT', 'There is no peer yet to pair: wait until there is one.'),
      )
  }
  const functions = {
    ...own(begin),
    replace: () => subject().latest.replace(),
    cancel: () => subject().latest.cancel(),
  }
  const views = remember<PairingArguments, Subject, Shown>(
    (peer) => [peer ?? null],
    (_shown, peer) => {
      const latest = new LatestPairing()
      const { $state } = latest
      const now = (): Shown => ({ ...peek($state), ...functions })
      const $view = derive<Shown>({ ...idle, ...functions }, now, (changed) =>
        undoAll($state.listen(changed), latest.hold()),
      )
      return { subject: { peer: peer ?? null, latest }, $view }
    },
  )
  return views
}

/** What stands behind `usePairing`. */
export const createPairingViews = (): Views<PairingArguments, PairingView> =>
  createViews((begin) => ({ pair: () => begin((peer) => peer.pair()) }))

/** What stands behind `useJoin`. */
export const createJoinViews = (): Views<PairingArguments, JoinView> =>
  createViews((begin) => ({ join: (code: string) => begin((peer) => peer.join(code)) }))

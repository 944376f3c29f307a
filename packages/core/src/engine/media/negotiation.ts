/**
 * Perfect negotiation as a pure machine: both sides may offer at any time, and where two offers meet the polite side takes
 * its own back. One thing is done at a time, so that nothing is left to what a browser does in between.
 * Source: https://www.w3.org/TR/webrtc/#perfect-negotiation-example
 */

/** A session description, as it travels. */
export interface Description {
  readonly type: 'offer' | 'answer'
  readonly sdp: string
}

/** What is to be done with the connection now; nothing else is until it is done. */
export type Task =
  /** Make an offer, and send it. */
  | { readonly type: 'offer' }
  /** Answer the remote's offer. `yields`: it takes the place of ours, which the remote passes over. */
  | { readonly type: 'answer'; readonly offer: Description; readonly yields: boolean }
  /** Apply the remote's answer to our offer. */
  | { readonly type: 'settle'; readonly answer: Description }

export interface Negotiation {
  /** Whose offer gives way where two meet. */
  readonly isPolite: boolean
  /** Something has changed since our last offer was begun. */
  readonly isNeeded: boolean
  /** An offer of ours is out, and not answered. */
  readonly isOffered: boolean
  /** What has come from the remote and waits for its turn. */
  readonly waiting: readonly Description[]
  readonly task: Task | null
}

export type NegotiationEvent =
  /** What we send, or take, has changed: the remote must be told. */
  | { readonly type: 'needed' }
  | { readonly type: 'received'; readonly description: Description }
  /** The task is done. */
  | { readonly type: 'done' }

export const idleNegotiation = (isPolite: boolean): Negotiation => ({
  isPolite,
  isNeeded: false,
  isOffered: false,
  waiting: [],
  task: null,
})

/** Both sides say the same, as far as this one knows. */
export const isSettled = ({ isNeeded, isOffered, waiting, task }: Negotiation): boolean =>
  !isNeeded && !isOffered && waiting.length === 0 && task === null

/** The transitions. Null for an answer to nothing, which no remote of ours sends. */
export const negotiationTransition = (before: Negotiation, event: NegotiationEvent): Negotiation | null => {
  const after = noted(before, event)
  return after.task === null ? nextTask(after) : after
}

const noted = (before: Negotiation, event: NegotiationEvent): Negotiation => {
  switch (event.type) {
    case 'needed':
      return { ...before, isNeeded: true }
    case 'received':
      return { ...before, waiting: [...before.waiting, event.description] }
    case 'done':
      return finished(before)
  }
}

const finished = (before: Negotiation): Negotiation => {
  const after = { ...before, task: null }
  switch (before.task?.type) {
    case 'offer':
      return { ...after, isOffered: true }
    case 'settle':
      return { ...after, isOffered: false }
    default:
      return after
  }
}

const nextTask = (state: Negotiation): Negotiation | null => {
  const { isPolite, isNeeded, isOffered } = state
  const [first, ...waiting] = state.waiting
  if (first?.type === 'answer') {
    return isOffered ? { ...state, waiting, task: { type: 'settle', answer: first } } : null
  }
  if (first && isOffered && !isPolite) return nextTask({ ...state, waiting })
  if (first) {
    // What our own offer said has to be said again.
    const task: Task = { type: 'answer', offer: first, yields: isOffered }
    return { ...state, waiting, task, isOffered: false, isNeeded: isNeeded || isOffered }
  }
  return isNeeded && !isOffered ? { ...state, isNeeded: false, task: { type: 'offer' } } : state
}

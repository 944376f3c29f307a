import { type MediaAction, toAction } from '../base/action'
import type { RequestError } from '../base/errors'
import type { Connection } from '../base/types'
import { connectionControllerOf } from '../connection/controller'
import type { Asked } from './asked'
import { isSameSnapshot } from './equal'
import { readSessions } from './read-sessions'
import { whileHeld } from './while-held'

/** An action that answers with live audio and video, or the plain name of one. */
export type MediaActionLike = MediaAction | string

/** What `useMedia` shows. */
export interface MediaState {
  /** The same object for as long as it is watched, over every link; null while there is none. */
  readonly stream: MediaStream | null
  /** `pending` until the first track is there, `active` while it is watched, `ended` when the device has ended it. */
  readonly status: 'idle' | 'pending' | 'active' | 'ended' | 'error'
  readonly error: RequestError | null
  /** The link is lost, or silent: the last picture stays, and goes on with it or over the next one. */
  readonly isPaused: boolean
}

/** One stream that is watched, by everybody who asks the same of the same connection. */
export interface WatchedMedia {
  readonly state: MediaState
  /** Asks in a microtask; returns the undo. */
  hold(changed: () => void): () => void
}

/** What is shown before anything was asked: on a server, and in the first client render. */
export const pendingMedia: MediaState = { stream: null, status: 'pending', error: null, isPaused: false }

const watched = new WeakMap<Connection, Map<string, WatchedMedia>>()

/** The stream that is watched, or a new one; it is forgotten a task after its last holder has left. */
export function watchMedia(connection: Connection, asked: Asked, timeout: number | undefined): WatchedMedia {
  const ofConnection = watched.get(connection) ?? new Map<string, WatchedMedia>()
  watched.set(connection, ofConnection)
  const there = ofConnection.get(asked.key)
  if (there) return there
  const media = createWatched(connection, asked, timeout, {
    kept: () => ofConnection.set(asked.key, media),
    forgotten: () => ofConnection.delete(asked.key),
  })
  return media
}

function createWatched(
  connection: Connection,
  { action, input }: Asked,
  timeout: number | undefined,
  { kept, forgotten }: { kept(): void; forgotten(): void },
): WatchedMedia {
  const { calls } = connectionControllerOf(connection)
  const listeners = new Set<() => void>()
  let state = pendingMedia

  const isHeard = () => connection.$status.value?.state === 'open'
  const show = (change: Partial<MediaState>) => {
    const next = { ...state, ...change }
    const shown = { ...next, isPaused: next.status === 'active' && !isHeard() }
    if (isSameSnapshot(state, shown)) return
    state = shown
    for (const changed of [...listeners]) changed()
  }

  const follow = (signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const ended = (error: RequestError | null) => (error ? reject(error) : resolve())
      // A plain name says nothing of the kind.
      calls.request(toAction(action, 'media'), input, { signal, timeout, ended }).then((stream) => {
        if (!signal.aborted) show({ status: 'active', stream: stream as MediaStream })
      }, reject)
    })

  const begin = () =>
    readSessions(connection, follow, {
      began: () => show({ status: 'pending', stream: null, error: null }),
      ended: (error) => show({ status: error ? 'error' : 'ended', stream: null, error }),
      statusChanged: () => show({}),
    }).stop

  const holdNow = whileHeld(begin, forgotten)

  return {
    get state() {
      return state
    },
    hold(changed) {
      // Of its own, for each holder.
      const listener = () => changed()
      if (listeners.size === 0) kept()
      const release = holdNow()
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        release()
      }
    },
  }
}

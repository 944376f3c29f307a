import type { PeerOptions } from '../base/types'
import { tell } from '../store'

type Report = NonNullable<PeerOptions['onError']>

const reportToConsole: Report = (error, { remoteId, action }) => {
  console.error('nanopeer:', ...[action, remoteId && `for ${remoteId}`].filter(Boolean), error)
}

/** The app's `onError` of now, or the console. What an app does with an error must not get in the way of what goes on here. */
export const createReport =
  (find: () => PeerOptions['onError']): Report =>
  (error, context) =>
    tell(() => (find() ?? reportToConsole)(error, context))

import type { PeerOptions } from '../base/types'
import { tell } from '../store'

type Report = NonNullable<PeerOptions['onError']>

const reportToConsole: Report = (error, { remoteId, action }) => {
  console.error('nanopeer:', ...[action, remoteId && `for ${remoteId}`].filter(Boolean), error)
}

/** The app's `onError`, or the console. What an app does with an error must not get in the way of what goes on here. */
export const createReport =
  (report: Report = reportToConsole): Report =>
  (error, context) =>
    tell(() => report(error, context))

import { NanopeerError } from '../../base/errors'
import type { DialFailure } from '../../base/transport'

const explain = (
  { stage, relayCandidate }: Omit<DialFailure, 'explain'>,
  remoteId: string,
  signallingError: NanopeerError | null,
): string => {
  if (stage === 'signalling') {
    return `This device is not registered with a signalling server. ${signallingError?.message ?? ''}`.trimEnd()
  }
  if (stage === 'offer') {
    return `The offer reached the signalling server, but "${remoteId}" did not answer: it is busy, gone, or does not want us.`
  }
  if (relayCandidate) {
    return (
      `"${remoteId}" answered, but no pair of addresses works, not even through the TURN server. ` +
      'Check that its relay ports are open and that both devices can reach it.'
    )
  }
  return (
    `"${remoteId}" answered, but no pair of addresses works, and there was no relay (TURN) candidate. ` +
    'Two devices behind symmetric NATs or strict firewalls never meet without one: add a TURN server to iceServers.'
  )
}

/**
 * The error of a dial with its {@link DialFailure} as cause. What somebody asked for (an abort, a destroyed peer)
 * is no failure and stays as it is.
 */
export const dialError = (
  error: unknown,
  failure: Omit<DialFailure, 'explain'>,
  remoteId: string,
  signallingError: NanopeerError | null = null,
): unknown => {
  if (!(error instanceof NanopeerError) || error.code === 'ABORTED' || error.code === 'DESTROYED')
    return error
  // These messages say already what to do.
  const said = error.code !== 'TIMEOUT' && failure.stage !== 'ice'
  const explained = said ? error.message : explain(failure, remoteId, signallingError)
  const cause: DialFailure = { ...failure, explain: explained }
  return new NanopeerError(error.code, said ? error.message : `${error.message} ${explained}`, { cause })
}

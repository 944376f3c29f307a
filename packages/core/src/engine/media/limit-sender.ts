import type { MediaOptions } from '../../base/action'

/** Sends a track as its action says. */
export const limitSender = (sender: RTCRtpSender, track: MediaStreamTrack, options: MediaOptions): void => {
  if (track.kind !== 'video') return
  const parameters: RTCRtpSendParameters & { degradationPreference?: string } = sender.getParameters()
  // Not there before the first negotiation in some; then the section was made with them.
  const { encodings = [] } = parameters
  for (const encoding of encodings) {
    delete encoding.maxBitrate
    Object.assign(encoding, encodingOf(track, options))
  }
  const { degradation = 'balanced' } = options
  parameters.degradationPreference = degradation
  // A browser without such a choice refuses all of it; what it was made with stays.
  sender.setParameters(parameters).catch(() => {})
}

export const encodingOf = (
  { kind }: MediaStreamTrack,
  { maxBitrate }: MediaOptions,
): RTCRtpEncodingParameters => (kind === 'video' && maxBitrate !== undefined ? { maxBitrate } : {})

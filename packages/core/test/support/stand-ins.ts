import { createTestStream } from '../../testing/index'

/** What a stream has, as the tests name it. */
export const labels = (stream: MediaStream): string[] =>
  stream.getTracks().map(({ label, kind }) => `${kind} ${label}`)

/** A track of its own name. */
export const track = (label: string, kind: 'audio' | 'video' = 'video'): MediaStreamTrack => {
  const [made] = createTestStream(kind).getTracks()
  return Object.assign(made as MediaStreamTrack, { label })
}

export const streamOf = (...tracks: readonly MediaStreamTrack[]): MediaStream => {
  const stream = createTestStream()
  for (const own of stream.getTracks()) stream.removeTrack(own)
  for (const given of tracks) stream.addTrack(given)
  return stream
}

/**
 * Puts a track into the stream that an app has, or takes it out. As a browser does with the streams that it makes itself,
 * whoever listens is told.
 */
export const changeShown = (
  stream: MediaStream,
  type: 'addtrack' | 'removetrack',
  track: MediaStreamTrack,
): void => {
  if (type === 'addtrack') stream.addTrack(track)
  else stream.removeTrack(track)
  stream.dispatchEvent(Object.assign(new Event(type), { track }))
}

const followed = new WeakMap<MediaStream, Set<() => void>>()

/**
 * Calls `changed` whenever the tracks of a stream have changed, whoever changed them. Browsers tell nobody of what a script
 * adds or removes, so that the two methods are watched on this one stream while it is followed. Returns its undo.
 */
export const followStream = (stream: MediaStream, changed: () => void): (() => void) => {
  const listeners = followed.get(stream) ?? watch(stream)
  const listener = () => changed()
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) unwatch(stream)
  }
}

const methods = ['addTrack', 'removeTrack'] as const
const events = ['addtrack', 'removetrack'] as const
const handlers = new WeakMap<MediaStream, () => void>()

const watch = (stream: MediaStream): Set<() => void> => {
  const listeners = new Set<() => void>()
  followed.set(stream, listeners)
  const tell = () => {
    for (const listener of [...listeners]) listener()
  }
  handlers.set(stream, tell)
  for (const event of events) stream.addEventListener(event, tell)
  for (const method of methods) {
    const original = stream[method]
    const value = (track: MediaStreamTrack) => {
      original.call(stream, track)
      tell()
    }
    Object.defineProperty(stream, method, { value, configurable: true, writable: true })
  }
  return listeners
}

const unwatch = (stream: MediaStream): void => {
  followed.delete(stream)
  const tell = handlers.get(stream)
  for (const event of events) if (tell) stream.removeEventListener(event, tell)
  // Its own again, those of its prototype.
  for (const method of methods) Reflect.deleteProperty(stream, method)
}

/** Ms in as few characters as say enough: `840 µs`, `12 ms`, `4.1 s`, `2 min 5 s`, `3 h 12 min`. */
export const formatDuration = (ms: number): string => {
  if (ms < 1) return ms <= 0 ? '0 ms' : `${Math.round(ms * 1000)} µs`
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 60) return `${minutes} min ${Math.floor((ms % 60_000) / 1000)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

const units = ['B', 'KB', 'MB', 'GB', 'TB']

/** Bytes in decimal units, as browsers' own tools say them: `812 B`, `1.4 MB`. */
export const formatBytes = (bytes: number): string => {
  const exponent = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3))
  const scaled = bytes / 1000 ** exponent
  return `${exponent === 0 || scaled >= 100 ? Math.round(scaled) : scaled.toFixed(1)} ${units[exponent]}`
}

/** The time of day to the millisecond, local: `12:03:04.250`. */
export const formatTime = (at: number): string => {
  const date = new Date(at)
  const two = (value: number) => String(value).padStart(2, '0')
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')
  return `${clock}.${String(date.getMilliseconds()).padStart(3, '0')}`
}

/** `1 link`, `3 links`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`

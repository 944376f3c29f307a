import type { ConnectionStats } from '@nanopeer/core'
import type { FileEntry } from '../../shared/actions'

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** Bytes for people, such as `24.0 MiB`. */
export const formatBytes = (bytes: number): string => {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), units.length - 1)
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`
}

const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** A date for people, such as `1 May 2026, 14:05`. */
const formatDate = (date: Date): string => dateAndTime.format(date)

/** The time of a day, such as `14:05:09`. */
export const formatTime = (date: Date): string => time.format(date)

/** What is known of the way to the device, such as `direct · 3 ms`; '' while nothing is. */
export const formatRoute = ({ route, rtt }: ConnectionStats): string =>
  [route, rtt === null ? null : `${rtt < 10 ? rtt.toFixed(1) : Math.round(rtt)} ms`]
    .filter((part) => part !== null)
    .join(' · ')

/** A span of time for people, such as `12 ms` or `5.1 s`. */
export const formatMilliseconds = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`

/** What a row says of its file or folder. */
export const formatEntry = ({ kind, size, modified }: FileEntry): string =>
  kind === 'folder' ? formatDate(modified) : `${formatBytes(size)} · ${formatDate(modified)}`

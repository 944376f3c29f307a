import { action } from '@nanopeer/core'

/** One entry of a shared folder. */
export type FileEntry = {
  readonly name: string
  readonly kind: 'file' | 'folder'
  /** Bytes; 0 for a folder. */
  readonly size: number
  readonly modified: Date
}

/** One line of the device's own log. */
export type LogLine = {
  /** Counts from 0 since the device started. */
  readonly number: number
  readonly time: Date
  readonly level: 'info' | 'warning'
  readonly text: string
}

/** What a device says of itself. */
export type DeviceDescription = {
  /** The name of the shared folder, without the path that leads to it. */
  readonly folder: string
}

/** Who is there? */
export const describeDevice = action<void, DeviceDescription>('device.describe')

/**
 * What is in a folder. A path is relative to the shared folder, with `/` between its parts; '' is the shared folder
 * itself. Folders come first, then names in the order of the alphabet.
 */
export const listFiles = action<{ path: string }, FileEntry[]>('files.list')

/** How many changes there were in a folder since it was asked, told at each one. */
export const watchFolder = action.events<{ path: string }, number>('files.watch')

/** The bytes of one file, with `content-length` and `content-type`. */
export const readFile = action.bytes<{ path: string }>('files.read')

/** Saves the request's body as a new file; never over one that is there (409). `size` in bytes. */
export const writeFile = action<{ path: string; size: number }, FileEntry>('files.write')

/** The last `lines` lines of the device's log, then each new one as it is written. */
export const tailLog = action.events<{ lines: number }, LogLine>('log.tail')

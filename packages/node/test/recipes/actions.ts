import { action } from '@nanopeer/core'

/** What the README and the recipes share, as they do. */
export const readFile = action.bytes<{ path: string }>('files.read')
export const tailLog = action.events<{ lines: number }, string>('log.tail')
export const writeFile = action<{ name: string; size: number }, void>('files.write')

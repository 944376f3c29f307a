import { action } from '@nanopeer/core'

export interface FileEntry {
  name: string
  size: number
}

export const listFiles = action<void, FileEntry[]>('files.list')
export const readFile = action.bytes<{ name: string }>('files.read') // the answer is bytes

export const server = { host: '127.0.0.1', port: 9000 }

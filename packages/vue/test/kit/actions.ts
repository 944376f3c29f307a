import { action } from '@nanopeer/core'

export const listFiles = action<{ path: string }, string[]>('files.list')

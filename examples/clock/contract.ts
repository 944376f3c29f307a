import { action } from '@nanopeer/core'

export const getTime = action<void, { time: string }>('time.get')

export const server = { host: '127.0.0.1', port: 9000 }

import { message } from '@nanopeer/core'

export const said = message<{ text: string }>('chat.said')

export const server = { host: '127.0.0.1', port: 9000 }

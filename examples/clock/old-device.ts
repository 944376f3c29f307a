import { Peer } from 'peerjs'

const peer = new Peer('clock', { host: '127.0.0.1', port: 9000, path: '/', secure: false })
peer.on('connection', (connection) => {
  connection.on('data', () => connection.send({ time: new Date().toISOString() }))
})

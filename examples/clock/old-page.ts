import { Peer } from 'peerjs'

const shown = document.querySelector('output')
const peer = new Peer({ host: '127.0.0.1', port: 9000, path: '/', secure: false })
peer.on('open', () => {
  const connection = peer.connect('clock')
  connection.on('open', () => connection.send({ ask: 'time' }))
  connection.on('data', (data) => {
    if (shown) shown.value = (data as { time: string }).time
  })
})

/** The device's process: shares DEVICE_FOLDER under DEVICE_ID until it is told to end. */
import { createPeer } from '@nanopeer/node'
import { endWithParent } from '../stack/child.mjs'
import { createLog } from './log'
import { serve } from './serve'
import { logVisitors } from './visitors'

const setting = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`The device needs ${name}.`)
  return value
}

const log = createLog({
  write: ({ time, level, text }) => {
    if (process.env.DEVICE_QUIET) return
    console.log(`${time.toLocaleTimeString('en-GB')}  ${level === 'warning' ? '! ' : ''}${text}`)
  },
})

const peer = createPeer(setting('DEVICE_ID'), {
  server: {
    host: setting('PEER_SERVER_HOST'),
    port: Number(setting('PEER_SERVER_PORT')),
    secure: false,
  },
  // Everything is on this machine: no STUN server needs to be asked.
  iceServers: [],
  // Whoever knows the id. The demo makes an unguessable one and tells it to its own pages only.
  accept: 'anyone',
  onError: (error, { action }) => log.warning(`${action ?? 'network'}: ${error}`),
})

serve(peer, { folder: setting('DEVICE_FOLDER'), log })
logVisitors(peer, log)
endWithParent(() => peer.destroy())

await peer.open()
log.info('the device is open')
process.send?.({ ready: { id: peer.id } })

/** The device's process: shares DEVICE_FOLDER with whoever knows DEVICE_SECRET, until it is told to end. */
import { createPeer } from '@nanopeer/node'
import { deviceId } from '../shared/device-id'
import { endWithParent } from '../stack/child.mjs'
import { shareBoard } from './board'
import { createLog } from './log'
import { shareLooking } from './looking'
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

const peer = createPeer(deviceId, {
  server: {
    host: setting('SIGNALLING_HOST'),
    port: Number(setting('SIGNALLING_PORT')),
    secure: false,
  },
  // Everything is on this machine: no STUN server needs to be asked.
  iceServers: [],
  secret: setting('DEVICE_SECRET'),
  onError: (error, { action }) => log.warning(`${action ?? 'network'}: ${error}`),
})

serve(peer, { folder: setting('DEVICE_FOLDER'), log })
logVisitors(peer, log)
shareBoard(peer, log)
shareLooking(peer, log)
endWithParent(() => peer.destroy())

await peer.open()
log.info('the device is open')
process.send?.({ ready: { id: peer.id } })

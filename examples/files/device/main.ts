/** The device's process: shares DEVICE_FOLDER with whoever has paired with it, until it is told to end. */
import { join } from 'node:path'
import { createPeer, fileKnown, loadIdentity } from '@nanopeer/node'
import { isPaired } from '../shared/camera'
import { deviceId } from '../shared/device-id'
import { answerParent, endWithParent } from '../stack/child.mjs'
import { shareBoard } from './board'
import { createLog } from './log'
import { shareLooking } from './looking'
import { createPaired } from './paired'
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

/** Where this device keeps its key, and those of the pages that it knows. */
const state = setting('DEVICE_STATE')
const known = fileKnown(join(state, 'known.json'))
const paired = createPaired(known, log)

const peer = createPeer(deviceId, {
  server: {
    host: setting('SIGNALLING_HOST'),
    port: Number(setting('SIGNALLING_PORT')),
    secure: false,
  },
  // Everything is on this machine: no STUN server needs to be asked.
  iceServers: [],
  identity: loadIdentity(join(state, 'identity.json')),
  known,
  accept: paired.accept,
  onError: (error, { action }) => log.warning(`${action ?? 'network'}: ${error}`),
})

serve(peer, { folder: setting('DEVICE_FOLDER'), log })
logVisitors(peer, log)
shareBoard(peer, log)
shareLooking(peer, log)
peer.handle(isPaired, ({ key }) => paired.has(key))
endWithParent(() => peer.destroy())
answerParent({
  pair: () => paired.show(peer),
  list: () => paired.list(),
  revoke: (key) => peer.revoke(key),
})

await peer.open()
log.info('the device is open')
process.send?.({ ready: { id: peer.id } })

/** The other end: `npm run device` shares its settings, and lets whoever knows the secret change them. */
import { ActionError, createPeer, generateSecret, share } from '@nanopeer/node'
import { map } from 'nanostores'
import { iceServers, type Settings, settings } from './src/settings'

// Whoever knows it is served. NAS_SECRET keeps it the same from start to start.
const secret = process.env.NAS_SECRET ?? generateSecret()
const server = { host: '127.0.0.1', port: Number(process.env.SIGNALLING_PORT ?? 9000) }
const peer = createPeer('nas', { server, secret, iceServers })

const $settings = map<Settings>({ target: 21, mode: 'eco' })
share(peer, settings, $settings, {
  write: ({ next: { target, mode } }) => {
    if (!(target >= 15 && target <= 25)) throw new ActionError(400, 'Between 15 and 25 °C.')
    return mode === 'eco' || mode === 'comfort'
  },
})
$settings.listen(({ target }) => console.log(`${target} °C`))

await peer.open()
console.log(`The device is open. Its page: http://localhost:4321/#secret=${secret}`)

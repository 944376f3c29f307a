/**
 * Runs where the packages are installed from their tarballs: two real devices in plain Node, a real signalling server,
 * one request. Ends by itself: nothing may keep the process running once both are destroyed.
 */
import assert from 'node:assert/strict'
import { action } from '@nanopeer/core'
import { createPeer } from '@nanopeer/node'
import { createSignallingServer } from '@nanopeer/server'

const server = await createSignallingServer({ host: '127.0.0.1', port: 0 })
const options = { server: { host: '127.0.0.1', port: server.port, path: '/', secure: false }, iceServers: [] }
const shout = action('shout')

const device = createPeer('device', { ...options, accept: 'anyone' })
device.handle(shout, (text) => text.toUpperCase())
await device.open()

const asker = createPeer('asker', options)
assert.equal(await asker.connect('device').request(shout, 'hello'), 'HELLO')
console.log('Two devices talked.')

await asker.destroy()
await device.destroy()
await server.close()

/**
 * Runs where the packages are installed from their tarballs: two real devices in plain Node, a real PeerServer,
 * one request. Ends by itself: nothing may keep the process running once both are destroyed.
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { action } from '@nanopeer/core'
import { createPeer } from '@nanopeer/node'

const worker = new Worker(new URL('./peer-server.mjs', import.meta.url))
const [port] = await once(worker, 'message')
const options = { server: { host: '127.0.0.1', port, path: '/', secure: false }, iceServers: [] }
const shout = action('shout')

const device = createPeer('device', { ...options, accept: 'anyone' })
device.handle(shout, (text) => text.toUpperCase())
await device.open()

const asker = createPeer('asker', options)
assert.equal(await asker.connect('device').request(shout, 'hello'), 'HELLO')
console.log('Two devices talked.')

await asker.destroy()
await device.destroy()
await worker.terminate()

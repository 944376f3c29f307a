import { action } from '../../../src/base/action'
import type { Link, Transport } from '../../../src/base/transport'
import type { Peer } from '../../../src/base/types'
import { createPeer } from '../../../src/peer/registry'
import { createTestNetwork } from '../../../testing'
import { VirtualClock } from '../virtual-clock'

type Message = Uint8Array<ArrayBuffer>

const readBytes = action.bytes<null>('read')
const countEvents = action.events<null>('count')

/** Registers what every device of these tests serves. */
export const serve = (peer: Peer): void => {
  peer.handle('echo', (input) => input)
  peer.handle(
    'read',
    () => new Response(new Uint8Array(300_000), { headers: { 'content-type': 'text/plain' } }),
  )
  peer.handle('count', async function* () {
    for (let number = 0; number < 50; number++) yield { number }
  })
  peer.handle('sum', async (_input, { body }) => {
    let size = 0
    for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) size += chunk.length
    return size
  })
  peer.handle('stuck', (_input, { signal }) => {
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  })
  peer.handle('fail', () => {
    throw new Error('as it must')
  })
}

/** What a well-behaved asker sends over its links in a conversation with everything in it, link by link. */
export const recordConversation = async (): Promise<readonly (readonly Message[])[]> => {
  const clock = new VirtualClock()
  const net = createTestNetwork({ clock, delay: 5 })
  const links: Message[][] = []
  const recorded = (link: Link): Link => {
    const sent: Message[] = []
    links.push(sent)
    const send = (message: Message) => {
      sent.push(message.slice())
      link.send(message)
    }
    const read = (key: string | symbol) => {
      const value = key === 'send' ? send : Reflect.get(link, key, link)
      return typeof value === 'function' ? value.bind(link) : value
    }
    return new Proxy(link, {
      get: (_, key) => read(key),
      set: (_, key, value) => Reflect.set(link, key, value),
    })
  }
  const transport: Transport = {
    ...net.transport,
    join(id, options, events) {
      const signalling = net.transport.join(id, options, events)
      const dial: typeof signalling.dial = async (...given) => recorded(await signalling.dial(...given))
      return new Proxy(signalling, {
        get: (target, key) => {
          const value = key === 'dial' ? dial : Reflect.get(target, key, target)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
  // The device has the lower id, so that the asker's streams are even, as they are for who replays them.
  const device = createPeer('device', { transport: net.transport, accept: 'anyone', onError: () => {} })
  const asker = createPeer('mallory', { transport, onError: () => {} })
  serve(device)
  void device.open()
  void asker.open()
  const connection = asker.connect('device')
  const abort = new AbortController()
  const read = async () => {
    const { body } = await connection.request(readBytes, null)
    const reader = (body as ReadableStream<Uint8Array>).getReader()
    while (!(await reader.read()).done);
  }
  const talk = async () => {
    for (let round = 0; round < 3; round++) {
      await connection.request('echo', { round, text: 'x'.repeat(100 * round), when: new Date(0), big: 7n })
    }
    const stuck = connection.request('stuck', null, { signal: abort.signal }).catch(() => {})
    await connection.send({ plain: 'message' })
    await connection.request('sum', null, { body: new Uint8Array(20_000) })
    await read()
    for await (const _ of await connection.request(countEvents, null));
    net.cut('device', 'mallory')()
    await connection.request('echo', 'after the cut')
    await connection.request('fail', null).catch(() => {})
    await connection.request('echo', 'x'.repeat(20_000))
    abort.abort()
    await stuck
  }
  let done = false
  const talked = talk().finally(() => {
    done = true
  })
  await clock.runUntil(() => done)
  await talked
  let ended = false
  void Promise.all([asker.destroy(), device.destroy()]).then(() => {
    ended = true
  })
  await clock.runUntil(() => ended)
  return links
}

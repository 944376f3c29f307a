import { describe, expect, test } from 'vitest'
import type { Connection } from '../../src/base/types'
import { connectionControllerOf } from '../../src/connection/controller'
import { action, createRequest, generateSecret, type NanopeerEvent, type PeerOptions } from '../../src/index'
import { createSubscription } from '../../src/request/subscription'
import { createLateWorld } from '../support/late-engine'

const count = action.events<{ to: number }, number>('count')
const readAll = action.bytes<null>('read')

/** A device that writes down what it is asked and told, and a laptop whose engine is not there yet. */
const createScene = (options: PeerOptions = {}) => {
  const world = createLateWorld()
  const heard: unknown[] = []
  const nas = world.device()
  nas.handle('echo', (input) => {
    heard.push(input)
    return input
  })
  nas.handle(count, async function* ({ to }) {
    heard.push(count.name)
    for (let number = 1; number <= to; number++) yield number
  })
  nas.handle(readAll, () => {
    heard.push(readAll.name)
    return new Uint8Array([1, 2, 3])
  })
  nas.handle('size', async (_input, { body }) => (await new Response(body).arrayBuffer()).byteLength)
  const known = new Set<Connection>()
  nas.$connections.subscribe((connections) => {
    for (const connection of connections) {
      if (!known.has(connection)) connection.onMessage((message) => heard.push(message))
      known.add(connection)
    }
  })
  const laptop = world.laptop(options)
  const connection = laptop.connect('nas')
  const unlisten = connection.$status.listen(() => {})
  return { ...world, heard, nas, laptop, connection, unlisten }
}

const codeOf = (promise: Promise<unknown>) => promise.then(String, (error) => error.code as string)

const listed = (connection: Connection) =>
  connection.$requests.get().map((request) => `${request.action} ${request.status}`)

/** An upload that says why nobody wanted it. */
const createBody = () => {
  const cancelled: unknown[] = []
  const read: number[] = []
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        read.push(read.length)
        controller.enqueue(new Uint8Array(10))
      },
      cancel: (reason) => {
        cancelled.push((reason as { code: string }).code)
      },
    },
    { highWaterMark: 0 },
  )
  return { body, cancelled, read }
}

describe('a connection whose engine is on its way', () => {
  test('says that it connects, and is open when the engine has dialled', async () => {
    const { clock, connection, laptop, state, arrive } = createScene()
    const states: string[] = []
    connection.$status.subscribe(({ state: now }) => states.push(now))
    await clock.advance(5000)
    expect([state(laptop), state(connection)]).toEqual(['connecting', 'connecting'])
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
    expect(states).toEqual(['connecting', 'open'])
  })

  test('sends what was asked and said in the order in which it was', async () => {
    const { clock, connection, heard, settled, arrive } = createScene()
    const sent = [
      connection.request('echo', 1),
      connection.send('a'),
      connection.request('echo', 2),
      connection.send('b'),
    ]
    await clock.advance(3000)
    arrive()
    const behind = connection.request('echo', 3)
    expect(await settled(Promise.all([...sent, behind]))).toEqual([1, undefined, 2, undefined, 3])
    await clock.advance(100)
    expect(heard.filter((each) => typeof each === 'number')).toEqual([1, 2, 3])
    expect(heard.filter((each) => typeof each === 'string')).toEqual(['a', 'b'])
  })

  test('sends what the input was when the call was made', async () => {
    const { connection, settled, arrive } = createScene()
    const input = { path: '/before' }
    const answer = connection.request('echo', input)
    input.path = '/after'
    arrive()
    expect(await settled(answer)).toEqual({ path: '/before' })
  })

  test('rejects at once what cannot be sent', async () => {
    const { connection } = createScene()
    expect(await codeOf(connection.request('echo', () => {}))).toBe('INVALID_INPUT')
    expect(await codeOf(connection.send(() => {}))).toBe('INVALID_INPUT')
  })

  test('lets each request wait out its own deadline, and sends none that has passed', async () => {
    const { clock, connection, heard, settled, arrive } = createScene()
    const patient = connection.request('echo', 'patient')
    const short = codeOf(connection.request('echo', 'short', { timeout: 2000 }))
    await clock.advance(1999)
    expect(listed(connection)).toEqual(['echo waiting', 'echo waiting'])
    await clock.advance(1)
    expect(await short).toBe('TIMEOUT')
    expect(listed(connection)).toEqual(['echo waiting'])
    arrive()
    expect(await settled(patient)).toBe('patient')
    expect(heard).toEqual(['patient'])
  })

  test('counts the time before the engine among what a device may take to answer', async () => {
    const { clock, connection, nas, heard, arrive } = createScene()
    nas.handle('stuck', () => {
      heard.push('stuck')
      return new Promise(() => {})
    })
    const answer = codeOf(connection.request('stuck', null, { timeout: 3000 }))
    await clock.advance(2500)
    arrive()
    await clock.advance(499)
    expect(heard).toEqual(['stuck'])
    expect(listed(connection)).toEqual(['stuck pending'])
    await clock.advance(1)
    expect(await answer).toBe('TIMEOUT')
  })

  test('sends nothing of what a signal has aborted, and cancels its body', async () => {
    const { clock, connection, heard, state, arrive } = createScene()
    const abort = new AbortController()
    const { body, cancelled, read } = createBody()
    const answer = codeOf(connection.request('size', null, { body, signal: abort.signal }))
    await clock.advance(100)
    abort.abort()
    expect(await answer).toBe('ABORTED')
    expect(cancelled).toEqual(['ABORTED'])
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
    await clock.advance(1000)
    expect([heard, read]).toEqual([[], []])
  })

  test('sends nothing of what `pending.abort()` has ended, and cancels its body', async () => {
    const { clock, connection, heard, state, arrive } = createScene()
    const { body, cancelled } = createBody()
    const answer = codeOf(connection.request('size', null, { body }))
    connection.$requests.get()[0]?.abort()
    expect(await answer).toBe('ABORTED')
    await clock.settle()
    expect(cancelled).toEqual(['ABORTED'])
    expect(listed(connection)).toEqual([])
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
    await clock.advance(1000)
    expect(heard).toEqual([])
  })

  test('cancels the body of a request whose deadline has passed', async () => {
    const { clock, connection } = createScene()
    const { body, cancelled } = createBody()
    const answer = codeOf(connection.request('size', null, { body, timeout: 500 }))
    await clock.advance(500)
    expect(await answer).toBe('TIMEOUT')
    await clock.settle()
    expect(cancelled).toEqual(['TIMEOUT'])
  })

  test('uploads, streams and reads bytes as if the engine had been there', async () => {
    const { connection, settled, arrive } = createScene()
    const size = connection.request('size', null, { body: new Blob([new Uint8Array(100_000)]) })
    const events = connection.request(count, { to: 3 })
    const bytes = connection.request(readAll, null)
    arrive()
    expect(await settled(size)).toBe(100_000)
    const numbers: number[] = []
    const readEvents = async () => {
      for await (const number of await events) numbers.push(number)
    }
    await settled(readEvents())
    expect(numbers).toEqual([1, 2, 3])
    const body = await settled(bytes.then((answer) => answer.arrayBuffer()))
    expect(new Uint8Array(body as ArrayBuffer)).toEqual(new Uint8Array([1, 2, 3]))
  })

  test('fails what waits when it is closed, and works when it is asked again', async () => {
    const { clock, connection, heard, state, settled, arrive } = createScene()
    const { body, cancelled } = createBody()
    const outcomes = [
      codeOf(connection.request('echo', 'never')),
      codeOf(connection.send('never')),
      codeOf(connection.request('size', null, { body })),
    ]
    await connection.close()
    expect(await Promise.all(outcomes)).toEqual(['ABORTED', 'ABORTED', 'ABORTED'])
    await clock.settle()
    expect(cancelled).toEqual(['ABORTED'])
    expect(connection.$status.get()).toEqual({ state: 'closed', error: null, retryAt: null })
    const answer = connection.request('echo', 'after')
    expect(state(connection)).toBe('connecting')
    arrive()
    expect(await settled(answer)).toBe('after')
    expect(heard).toEqual(['after'])
  })

  test('stays closed when the engine comes', async () => {
    const { clock, connection, state, laptop, nas, arrive } = createScene()
    laptop.$status.listen(() => {})
    await connection.close()
    arrive()
    await clock.runUntil(() => state(laptop) === 'open')
    await clock.advance(5000)
    expect(state(connection)).toBe('closed')
    expect(nas.$connections.get()).toEqual([])
  })

  test('is closed when nobody has held it for a second, and dials when it is held again', async () => {
    const { clock, connection, laptop, state, unlisten, arrive } = createScene()
    await clock.advance(100)
    unlisten()
    await clock.advance(2500)
    expect([state(laptop), state(connection)]).toEqual(['idle', 'closed'])
    connection.$status.listen(() => {})
    await clock.advance(10)
    expect([state(laptop), state(connection)]).toEqual(['connecting', 'connecting'])
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
  })

  test('connects for a second where nobody holds it, as connect() does, and then says so no more', async () => {
    const { clock, connection, state, unlisten } = createScene()
    await clock.advance(100)
    unlisten()
    await clock.advance(2500)
    connection.reconnect()
    expect(state(connection)).toBe('connecting')
    await clock.advance(2500)
    expect(state(connection)).toBe('closed')
  })

  test('is held by what waits, and let go when that has been given up', async () => {
    const { clock, connection, laptop, state, unlisten } = createScene()
    const answer = codeOf(connection.request('echo', 1, { timeout: 10_000 }))
    unlisten()
    await clock.advance(9999)
    expect(state(laptop)).toBe('connecting')
    await clock.advance(1)
    expect(await answer).toBe('TIMEOUT')
    await clock.advance(2000)
    expect(state(laptop)).toBe('idle')
  })

  test('authenticates with the secret that it was given last', async () => {
    const { clock, laptop, device, arrive } = createScene()
    const secret = generateSecret()
    const printer = device('printer', { secret })
    printer.handle('echo', (input) => input)
    const guarded = laptop.connect('printer', { secret: generateSecret() })
    const answer = guarded.request('echo', 'please')
    laptop.connect('printer', { secret })
    await clock.advance(100)
    arrive()
    let isAnswered = false
    void answer.finally(() => {
      isAnswered = true
    })
    // Cryptography takes real time, of which none of the virtual 15 s may be lost.
    while (!isAnswered) {
      await clock.advance(1)
      await new Promise((resolve) => setTimeout(resolve))
    }
    expect(await answer).toBe('please')
  })

  test('speaks the protocol that it was given last', async () => {
    const { clock, laptop, state, arrive } = createScene()
    const connection = laptop.connect('nas', { protocol: 'plain' })
    const message = connection.send('hello')
    message.catch(() => {})
    await clock.advance(100)
    laptop.connect('nas', { protocol: 'nanopeer' })
    expect(state(connection)).toBe('connecting')
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
    expect(await message).toBe(undefined)
  })

  test('tells of a request when the engine is there, with the time that it has taken from its start', async () => {
    const events: NanopeerEvent[] = []
    const { clock, connection, settled, arrive } = createScene({ onEvent: (event) => events.push(event) })
    const answer = connection.request('echo', 1)
    const short = codeOf(connection.request('echo', 2, { timeout: 1000 }))
    await clock.advance(4000)
    expect(await short).toBe('TIMEOUT')
    expect(events).toEqual([])
    arrive()
    await settled(answer)
    const requests = events.filter(({ type }) => type.startsWith('request'))
    expect(requests).toMatchObject([
      { type: 'request-started', direction: 'out', action: 'echo', remoteId: 'nas' },
      { type: 'request-started', direction: 'out', action: 'echo', remoteId: 'nas' },
      { type: 'request-ended', code: 'TIMEOUT', duration: 1000 },
      { type: 'request-ended', code: null, duration: expect.closeTo(4100, -2) },
    ])
  })

  test('has a request that may be repeated repeat itself after the page came back', async () => {
    const { clock, connection, heard, settled, arrive } = createScene()
    const answer = connection.request('echo', 'again', { retry: true })
    const once = codeOf(connection.request('echo', 'once'))
    await clock.advance(100)
    connectionControllerOf(connection).abort()
    expect(await once).toBe('CONNECTION_LOST')
    arrive()
    expect(await settled(answer)).toBe('again')
    expect(heard).toEqual(['again'])
  })

  test('tells of the last thousand requests at most', async () => {
    const events: NanopeerEvent[] = []
    const { clock, connection, state, arrive } = createScene({ onEvent: (event) => events.push(event) })
    for (let index = 0; index < 1010; index++) {
      connection.request(`action ${index}`, null, { timeout: 10 }).catch(() => {})
    }
    await clock.advance(1000)
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
    const started = events.flatMap((event) => (event.type === 'request-started' ? [event.action] : []))
    expect(started).toHaveLength(1000)
    expect([started[0], started.at(-1)]).toEqual(['action 10', 'action 1009'])
  })

  test('lists what waits, and shows it as under way once the engine has sent it', async () => {
    const { clock, connection, nas, arrive } = createScene()
    nas.handle('stuck', () => new Promise(() => {}))
    connection.request('stuck', null).catch(() => {})
    const lists: string[][] = []
    connection.$requests.subscribe(() => lists.push(listed(connection)))
    await clock.advance(1000)
    arrive()
    await clock.advance(1000)
    expect(lists[0]).toEqual(['stuck waiting'])
    expect(lists.at(-1)).toEqual(['stuck pending'])
  })

  test('shows no figures, and the right ones once there is a link', async () => {
    const { clock, connection, state, arrive } = createScene()
    connection.$stats.listen(() => {})
    await clock.advance(2500)
    expect(connection.$stats.get()).toMatchObject({ links: 0, sent: 0, received: 0, rtt: null, route: null })
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
    await clock.advance(2000)
    expect(connection.$stats.get()).toMatchObject({ links: 1, route: 'direct' })
  })

  test('asks for a store that was listened to before the engine, once', async () => {
    const { clock, connection, heard, arrive } = createScene()
    const request = createRequest(connection, 'echo', 'shown')
    const statuses: string[] = []
    request.$state.subscribe(({ status, isPaused }) => statuses.push(isPaused ? `${status} paused` : status))
    await clock.advance(1000)
    arrive()
    await clock.runUntil(() => statuses.at(-1) === 'success')
    await clock.advance(1000)
    expect(statuses).toEqual(['pending paused', 'pending', 'success'])
    expect(heard).toEqual(['shown'])
  })

  test('sends nothing for a store that was unmounted before the engine was there', async () => {
    const { clock, connection, heard, state, arrive } = createScene()
    const stop = createRequest(connection, 'echo', 'gone').$state.subscribe(() => {})
    await clock.advance(1000)
    stop()
    await expect.poll(() => listed(connection)).toEqual([])
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
    await clock.advance(1000)
    expect(heard).toEqual([])
  })

  test('begins a subscription that was followed before the engine, once', async () => {
    const { clock, connection, heard, arrive } = createScene()
    const { $state } = createSubscription(
      connection,
      count,
      { to: 3 },
      {
        reduce: (numbers: number[] = [], number) => [...numbers, number],
      },
    )
    $state.listen(() => {})
    await clock.advance(1000)
    expect($state.get().status).toBe('pending')
    arrive()
    await clock.runUntil(() => $state.get().status === 'ended')
    await clock.advance(1000)
    expect($state.get().data).toEqual([1, 2, 3])
    expect(heard).toEqual(['count'])
  })

  test('hears the first message of its remote where it listened before the engine', async () => {
    const { clock, connection, nas, state, arrive } = createScene()
    const told: unknown[] = []
    connection.onMessage((message) => told.push(message))
    await clock.advance(1000)
    arrive()
    await clock.runUntil(() => state(connection) === 'open')
    await clock.runUntil(() => nas.$connections.get().length === 1)
    void nas.$connections.get()[0]?.send('welcome')
    await clock.runUntil(() => told.length > 0)
    expect(told).toEqual(['welcome'])
  })
})

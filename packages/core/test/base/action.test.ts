import { runInNewContext } from 'node:vm'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { describe, expect, test } from 'vitest'
import { action } from '../../src/base/action'
import { ActionError } from '../../src/base/errors'
import type { PendingRequest, RequestOptions } from '../../src/base/types'
import { createWorld } from '../support/world'

/** A schema that turns digits into a number, as a transforming validator would. */
const digits: StandardSchemaV1<{ size: string }, { size: number }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) => {
      const size = Number((value as { size?: unknown }).size)
      if (Number.isFinite(size)) return { value: { size } }
      return { issues: [{ message: `got ${JSON.stringify(value)}`, path: ['size'] }] }
    },
  },
}

const connected = () => {
  const world = createWorld()
  const nas = world.device()
  const connection = world.create('laptop').connect('nas')
  return { ...world, nas, connection }
}

test('input is validated and transformed at the device, output at the asker', async () => {
  const { nas, connection, settled } = connected()
  const grow = action('grow', { input: digits, output: digits })
  nas.handle(grow, ({ size }) => ({ size: String(size + 1) }))
  expect(await settled(connection.request(grow, { size: '41' }))).toEqual({ size: 42 })
})

test('a schema that does not match names the path and not the value', async () => {
  const { nas, connection, settled } = connected()
  const grow = action('grow', { input: digits, output: digits })
  nas.handle(grow, () => ({ size: 'a secret' }))
  const input = await settled(connection.request(grow, { size: 'my password' })).catch((error) => error)
  expect(input).toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('input.size') })
  expect(input.message).not.toContain('password')
  const output = await settled(connection.request(grow, { size: '1' })).catch((error) => error)
  expect(output).toMatchObject({ code: 'INVALID_OUTPUT', message: expect.stringContaining('output.size') })
  expect(output.message).not.toContain('secret')
})

test('what cannot be sent rejects at the sender and names its path', async () => {
  const { connection, settled } = connected()
  const request = connection.request('anything', { files: [{ meta: new Map() }] })
  await expect(settled(request)).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('input.files[0].meta'),
  })
})

test('an action asked as another kind says how to ask', async () => {
  const { nas, connection, settled } = connected()
  nas.handle(action.bytes('read'), () => new Uint8Array(1))
  await expect(settled(connection.request('read', null))).rejects.toMatchObject({
    code: 'UNKNOWN_ACTION',
    message: expect.stringContaining('action.bytes()'),
  })
})

test('a request has 30 s by default, and says what it was waiting for', async () => {
  const { nas, connection, clock, settled } = connected()
  nas.handle('slow', () => new Promise(() => {}))
  const before = clock.now()
  await expect(settled(connection.request('slow', null))).rejects.toMatchObject({
    code: 'TIMEOUT',
    message: expect.stringContaining('did not answer'),
  })
  expect(clock.now() - before).toBeGreaterThanOrEqual(30_000)
  expect(clock.now() - before).toBeLessThan(30_100)
})

test('a time-out reaches the device, too', async () => {
  const { nas, connection, clock, settled } = connected()
  let reason: unknown
  nas.handle('slow', (_input, { signal }) => {
    signal.addEventListener('abort', () => {
      reason = signal.reason
    })
    return new Promise(() => {})
  })
  await settled(connection.request('slow', null, { timeout: 500 })).catch(() => {})
  await clock.advance(100)
  expect(reason).toMatchObject({ code: 'ABORTED' })
})

test('$requests lists what is in flight, oldest first, and can abort it', async () => {
  const { nas, connection, clock, settled } = connected()
  nas.handle('slow', () => new Promise(() => {}))
  const first = connection.request('slow', 1)
  const second = connection.request('slow', 2)
  first.catch(() => {})
  expect(connection.$requests.get().map(({ action, status }) => [action, status])).toEqual([
    ['slow', 'waiting'],
    ['slow', 'waiting'],
  ])
  connection.$requests.listen(() => {})
  await clock.advance(1000)
  const [one, two] = connection.$requests.get() as [PendingRequest, PendingRequest]
  expect([one.status, two.status]).toEqual(['pending', 'pending'])
  two.abort()
  await expect(settled(second)).rejects.toMatchObject({ code: 'ABORTED' })
  expect(connection.$requests.get().map(({ id }) => id)).toEqual([one.id])
})

test('retry sends a request again in the next session, under the same request id', async () => {
  const world = createWorld()
  const ids: string[] = []
  const start = () => {
    const nas = world.device()
    nas.handle('slow', (_input, { requestId }) => {
      ids.push(requestId)
      return ids.length === 1 ? new Promise(() => {}) : 'answered'
    })
    return nas
  }
  const first = start()
  const connection = world.create('laptop').connect('nas')
  const ask = (options: RequestOptions) => connection.request('slow', null, { timeout: 120_000, ...options })
  const patient = ask({ retry: true })
  patient.catch(() => {})
  await world.clock.advance(1000)
  expect(ids).toHaveLength(1)
  world.net.kill('nas')
  void first.destroy()
  await world.clock.advance(1000)
  start()
  expect(await world.settled(patient)).toBe('answered')
  expect(ids).toHaveLength(2)
})

test('a request without retry ends with CONNECTION_LOST when the device has restarted', async () => {
  const { nas, connection, clock, net, device, settled } = connected()
  let runs = 0
  const slow = () => {
    runs++
    return new Promise(() => {})
  }
  nas.handle('slow', slow)
  const request = connection.request('slow', null, { timeout: 0 })
  request.catch(() => {})
  await clock.advance(1000)
  expect(runs).toBe(1)
  net.kill('nas')
  void nas.destroy()
  await clock.advance(1000)
  device().handle('slow', slow)
  await expect(settled(request)).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  await clock.advance(5000)
  expect(runs).toBe(1)
})

test('a stream body cannot be retried, and says so', async () => {
  const { connection, settled } = connected()
  const request = connection.request('upload', null, { retry: true, body: new ReadableStream() })
  await expect(settled(request)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
})

test('a body that fails at its source ends the upload at the device, and the request with what failed', async () => {
  const heard: unknown[] = []
  const { nas, connection, clock, settled } = connected()
  nas.handle('upload', async (_input, { body }) => {
    const reader = (body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await reader.read().catch((error) => {
      heard.push(error.code)
      throw error
    })
  })
  let pulls = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulls++ === 0) controller.enqueue(new Uint8Array(10))
      else controller.error(new Error('the disk is gone'))
    },
  })
  await expect(settled(connection.request('upload', null, { body }))).rejects.toMatchObject({
    code: 'INVALID_INPUT',
    message: expect.stringContaining('the disk is gone'),
    cause: { message: 'the disk is gone' },
  })
  await clock.advance(100)
  expect(heard).toEqual(['ABORTED'])
})

test('a handler that answers without reading its upload stops the upload', async () => {
  const { nas, connection, settled } = connected()
  nas.handle('upload', () => 'no thanks')
  let cancelled = false
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
    cancel: () => {
      cancelled = true
    },
  })
  expect(await settled(connection.request('upload', null, { body }))).toBe('no thanks')
  expect(cancelled).toBe(true)
})

test('a reader that stops reading stops the producer on the other machine, and leaving ends it', async () => {
  const { nas, connection, clock, settled } = connected()
  let produced = 0
  let ended = false
  nas.handle(action.events<void, string>('flood'), async function* () {
    try {
      for (;;) {
        produced++
        yield 'x'.repeat(1000)
      }
    } finally {
      ended = true
    }
  })
  const events = await settled(connection.request(action.events<void, string>('flood')))
  const iterator = events[Symbol.asyncIterator]()
  await settled(iterator.next())
  await clock.advance(5000)
  const standing = produced
  expect(standing).toBeLessThan(600)
  await clock.advance(5000)
  expect(produced).toBe(standing)
  await iterator.return?.()
  await clock.advance(1000)
  expect(ended).toBe(true)
})

test('a producer that fails ends the reader with its code, and what came before is still readable', async () => {
  const { nas, connection, clock, settled } = connected()
  nas.handle(action.events<void, number>('some'), async function* () {
    yield 1
    yield 2
    throw new Error('/etc/secret')
  })
  const events = await settled(connection.request(action.events<void, number>('some')))
  await clock.advance(1000)
  const iterator = events[Symbol.asyncIterator]()
  expect((await settled(iterator.next())).value).toBe(1)
  expect((await settled(iterator.next())).value).toBe(2)
  const failure = await settled(iterator.next()).catch((error) => error)
  expect(failure).toMatchObject({ code: 'HANDLER_FAILED' })
  expect(failure.message).not.toContain('secret')
})

test('a value over the size limit is TOO_LARGE at its sender', async () => {
  const world = createWorld()
  const limits = { messageSize: 100_000 }
  const nas = world.device('nas', { limits })
  nas.handle('big', () => 'x'.repeat(200_000))
  const connection = world.create('laptop', { limits }).connect('nas')
  await expect(world.settled(connection.request('big', 'x'.repeat(200_000)))).rejects.toMatchObject({
    code: 'TOO_LARGE',
  })
  await expect(world.settled(connection.request('big', null))).rejects.toMatchObject({ code: 'TOO_LARGE' })
})

test('the signal of a handler that has failed, or has answered, stays quiet', async () => {
  const { nas, connection, clock, settled } = connected()
  let aborts = 0
  const watch = (signal: AbortSignal) => signal.addEventListener('abort', () => aborts++)
  nas.handle('fails', (_input, { signal }) => {
    watch(signal)
    throw new ActionError(404, 'No such file')
  })
  nas.handle('answers', (_input, { signal }) => watch(signal))
  await expect(settled(connection.request('fails', null))).rejects.toMatchObject({ code: 404 })
  await settled(connection.request('answers', null))
  await clock.advance(5000)
  expect(aborts).toBe(0)
})

test('the total of a body that was decoded on its way is unknown', async () => {
  const { nas, connection, settled } = connected()
  nas.handle(action.bytes('packed'), () => {
    const headers = { 'content-length': '3', 'content-encoding': 'gzip' }
    return new Response('ten letters', { headers })
  })
  const response = await settled(connection.request(action.bytes('packed')))
  expect(response.headers.get('content-length')).toBe(null)
  expect(await settled(response.text())).toBe('ten letters')
})

test('a Response that is an error page is none of what was asked', async () => {
  const { nas, connection, settled } = connected()
  nas.handle(action.bytes('missing'), () => new Response('<h1>Not found</h1>', { status: 404 }))
  await expect(settled(connection.request(action.bytes('missing')))).rejects.toMatchObject({
    code: 'INVALID_OUTPUT',
    message: expect.stringContaining('404'),
  })
})

test.each([
  ['copy of nanopeer', Error],
  ['realm', runInNewContext('Error') as typeof Error],
])('an ActionError of another %s is one as well', async (_, Base) => {
  const { nas, connection, settled } = connected()
  class OtherError extends Base {
    override readonly name = 'ActionError'
    readonly code = 404
    readonly data = { path: '/' }
  }
  nas.handle('missing', () => {
    throw new OtherError('No such folder')
  })
  await expect(settled(connection.request('missing'))).rejects.toMatchObject({
    name: 'ActionError',
    code: 404,
    message: 'No such folder',
    data: { path: '/' },
  })
})
describe('a media action', () => {
  test('takes options that mean something, and keeps them', () => {
    const options = { maxBitrate: 1e6, contentHint: 'detail', degradation: 'maintain-resolution' } as const
    expect(action.media('watch', options)).toMatchObject({ name: 'watch', kind: 'media', media: options })
  })

  test.for([
    { maxBitrate: 0 },
    { maxBitrate: Number.NaN },
    { maxBitrate: 'fast' },
    { contentHint: 'cats' },
    { degradation: 'none' },
  ])('is INVALID_INPUT with %j', (options) => {
    expect(() => action.media('watch', options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    )
  })
})

import { describe, expect, test } from 'vitest'
import { action } from '../../../src/base/action'
import { ActionError, NanopeerError } from '../../../src/base/errors'
import { resolveLimits } from '../../../src/base/limits'
import type { Connection, Limits } from '../../../src/base/types'
import { encodeValue } from '../../../src/codec/write'
import type { OutgoingRequest, OutgoingRequestEvents } from '../../../src/engine'
import { PlainConversation } from '../../../src/engine/plain/conversation'
import { ReceiveBudget } from '../../../src/engine/rpc/window'
import { HandlerRunner } from '../../../src/engine/serve'
import { FairReads } from '../../../src/engine/session/fair-reads'
import { HeldBytes } from '../../../src/engine/session/held-bytes'
import { Handlers } from '../../../src/peer/handlers'
import { ArticleClient, readSeries } from '../../support/article/client'
import { ArticleDevice } from '../../support/article/device'
import type { Context } from '../../support/article/envelope'
import { type ChannelOptions, channelPair, type TestChannel, wireOver } from '../../support/plain-channels'
import { usageOfPlain } from '../../support/resource-usage'
import { VirtualClock } from '../../support/virtual-clock'

interface Setting extends ChannelOptions {
  readonly limits?: Partial<Limits>
  readonly envelopes?: boolean
  readonly budget?: ReceiveBudget
}

/** A conversation of ours at one end of a channel; the test has the other. */
const setting = ({
  limits: given,
  envelopes = true,
  budget = new ReceiveBudget(),
  ...options
}: Setting = {}) => {
  const clock = new VirtualClock()
  const held = new HeldBytes(clock)
  const [near, far] = channelPair(clock, options)
  const reports: unknown[] = []
  const messages: unknown[] = []
  const log: string[] = []
  const limits = { ...resolveLimits(), ...given }
  const handlers = new Handlers()
  const report = (error: unknown) => reports.push(error)
  const runner = new HandlerRunner({ limits, report, handlerOf: (name) => handlers.find(name) })
  const connection = { remoteId: 'far' } as Connection
  const remote = { id: 'far', key: null, metadata: undefined, authenticated: false }
  const conversation = new PlainConversation(near, {
    clock,
    limits,
    budget,
    held,
    arrived: new HeldBytes(clock),
    fairReads: new FairReads(clock),
    envelopes,
    dispatch: (request) => runner.serve(request, connection, remote),
    call: () => {
      throw new NanopeerError('UNSUPPORTED', 'There are no calls.')
    },
    message: (value) => messages.push(value),
    changed() {},
    silent: () => log.push('silent'),
    heard: () => log.push('heard'),
    ended: (error) => log.push(error.code),
    refused: () => {},
    report: (error) => reports.push(error),
  })
  conversation.served()
  conversation.open()
  return { clock, near, far, handlers, conversation, reports, messages, log, held }
}

/** What a promise comes to in virtual time. */
const outcome = async <Value>(clock: VirtualClock, promise: Promise<Value>): Promise<Value> => {
  let settled = false
  const settle = () => {
    settled = true
  }
  promise.then(settle, settle)
  await clock.runUntil(() => settled)
  return promise
}

const codeOf = (error: unknown) => (error as NanopeerError).code

const pattern = (size: number) => {
  const bytes = new Uint8Array(size)
  for (let index = 0; index < size; index++) bytes[index] = index * 31
  return bytes
}

const chunksOf = (bytes: Uint8Array, size: number): ReadableStream<Uint8Array> => {
  let offset = 0
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(offset, offset + size))
      offset += size
    },
  })
}

describe('an article-style client is served', () => {
  const served = (options: Setting = {}) => {
    const at = setting(options)
    const client = new ArticleClient(wireOver(at.far))
    const ask = (name: string, body?: unknown, extra?: object) =>
      outcome(at.clock, client.request(name, body, extra))
    return { ...at, client, ask }
  }

  test('a value comes back in the whole object, with code 200 and what the caller had added', async () => {
    const { handlers, ask } = served()
    handlers.register('files.list', (input) => ({ path: (input as { path: string }).path, files: ['a'] }))
    const context = await ask('files.list', { path: '/' }, { token: 'mine' })
    expect(context).toMatchObject({
      action: 'files.list',
      request: { body: { path: '/' }, token: 'mine' },
      response: { body: { code: 200, data: { path: '/', files: ['a'] }, message: '' } },
    })
  })

  test('an ActionError is its code and message, with data null', async () => {
    const { handlers, ask } = served()
    handlers.register('files.list', () => {
      throw new ActionError(403, 'Not yours', { secret: 1 })
    })
    const { response } = await ask('files.list')
    expect(response.body).toEqual({ code: 403, data: null, message: 'Not yours' })
  })

  test('an unknown action is 404, with a message that names it', async () => {
    const { response } = await served().ask('nope')
    expect(response.body).toMatchObject({ code: 404, data: null })
    expect(response.body.message).toContain('"nope"')
  })

  test('any other throw is 500, and only the device hears what it was', async () => {
    const { handlers, ask, reports } = served()
    handlers.register('files.list', () => {
      throw new Error('/home/me: no such file')
    })
    const { response } = await ask('files.list')
    expect(response.body).toMatchObject({ code: 500, data: null })
    expect(response.body.message).not.toContain('/home')
    expect(String(reports[0])).toContain('/home/me')
  })

  test('a value that PeerJS cannot carry is 500, and only the device hears where it is', async () => {
    const { handlers, ask, reports } = served()
    handlers.register('stat', () => ({ privateSize: Number.NaN }))
    const { response } = await ask('stat')
    expect(response.body).toMatchObject({ code: 500, data: null })
    expect(response.body.message).not.toContain('privateSize')
    expect(String(reports[0])).toContain('output.privateSize')
  })

  test('an input that does not match the schema is 400', async () => {
    const { handlers, ask } = served()
    const never = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ issues: [{ message: 'no' }] }) },
    } as const
    handlers.register(action('strict', { input: never }), () => 1)
    expect((await ask('strict', 1)).response.body.code).toBe(400)
  })

  test('events are 501, because an envelope has no place for them', async () => {
    const { handlers, ask } = served()
    let ended = false
    async function* events() {
      try {
        yield 1
      } finally {
        ended = true
      }
    }
    handlers.register(action.events('log.tail'), events)
    const { response } = await ask('log.tail')
    expect(response.body.code).toBe(501)
    expect(response.body.message).toContain('nanopeer on both sides')
    expect(ended).toBe(false)
  })

  for (const ordered of [true, false]) {
    const channel = ordered ? 'an ordered channel' : 'an unordered channel that swaps messages'
    const delay = ordered ? () => 20 : () => Math.random() * 300

    test(`bytes are a series that comes whole over ${channel}`, async () => {
      const { handlers, ask, client } = served({ ordered, delay })
      const bytes = pattern(9_000_001)
      handlers.register(action.bytes('files.read'), () => chunksOf(bytes, 65_536))
      const context = await ask('files.read')
      expect(context.response.body.code).toBe(200)
      expect(Buffer.compare(await readSeries(context), bytes)).toBe(0)
      expect(client.parts[0]).toBe('start')
      expect(client.parts.at(-1)).toBe('end')
      expect(client.parts.slice(1, -1).every((type) => type === 'chunk')).toBe(true)
    })

    test(`no bytes are an empty start and an end over ${channel}`, async () => {
      const { handlers, ask, client } = served({ ordered, delay })
      handlers.register(action.bytes('files.read'), () => new Uint8Array(0))
      expect(await readSeries(await ask('files.read'))).toHaveLength(0)
      expect(client.parts).toEqual(['start', 'end'])
    })
  }

  test('one chunk of many megabytes is cut into parts', async () => {
    const { handlers, ask, client } = served()
    const bytes = pattern(3_000_000)
    handlers.register(action.bytes('files.read'), () => bytes)
    expect(Buffer.compare(await readSeries(await ask('files.read')), bytes)).toBe(0)
    expect(client.parts.length).toBeGreaterThan(10)
  })

  test('a handler under a plain name may answer bytes, too', async () => {
    const { handlers, ask } = served()
    handlers.register('files.read', () => new Response('text'))
    expect(new TextDecoder().decode(await readSeries(await ask('files.read')))).toBe('text')
  })

  test('a source that fails in the middle settles the asker with a code', async () => {
    const { handlers, ask } = served()
    handlers.register(action.bytes('files.read'), () => {
      let pulls = 0
      return new ReadableStream<Uint8Array>({
        pull(controller) {
          if (pulls++ === 0) controller.enqueue(new Uint8Array(10))
          else throw new ActionError(410, 'The disk is gone')
        },
      })
    })
    expect((await ask('files.read')).response.body).toMatchObject({ code: 410, message: 'The disk is gone' })
  })

  test('a source is asked for no more than the channel takes', async () => {
    const { handlers, client, clock, near } = served({ rate: 100 })
    let pulled = 0
    handlers.register(action.bytes('files.read'), () => {
      return new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            pulled += 65_536
            controller.enqueue(new Uint8Array(65_536))
          },
        },
        { highWaterMark: 0 },
      )
    })
    void client.request('files.read')
    await clock.advance(10_000)
    expect(pulled).toBeGreaterThan(900_000)
    expect(pulled).toBeLessThan(1_500_000)
    expect(near.peak).toBeLessThan(400_000)
  })

  test('a small answer overtakes a series', async () => {
    const { handlers, client, ask, clock } = served({ rate: 100 })
    handlers.register(action.bytes('files.read'), () => chunksOf(pattern(10_000_000), 65_536))
    handlers.register('ping', () => 'pong')
    void client.request('files.read')
    await clock.advance(5000)
    const before = clock.now()
    expect((await ask('ping')).response.body.data).toBe('pong')
    expect(clock.now() - before).toBeLessThan(4000)
  })

  test('more requests at once than the limit are 503, and never run', async () => {
    const { handlers, client, clock } = served({ limits: { pendingRequests: 2 } })
    let runs = 0
    handlers.register('wait', () => {
      runs++
      return new Promise(() => {})
    })
    const codes: number[] = []
    for (let index = 0; index < 5; index++) {
      void client.request('wait').then(({ response }) => codes.push(response.body.code))
    }
    await clock.advance(100)
    expect([runs, codes]).toEqual([2, [503, 503, 503]])
  })

  test('inputs that would fill the memory are 503', async () => {
    const { handlers, client, clock } = served({ maxMessageSize: 262_144 })
    handlers.register('wait', () => new Promise(() => {}))
    const codes: number[] = []
    for (let index = 0; index < 10; index++) {
      void client
        .request('wait', new Uint8Array(8_000_000))
        .then(({ response }) => codes.push(response.body.code))
      await clock.advance(10)
    }
    expect(codes).toEqual([503, 503])
  })

  test('a lost channel ends the handler by its signal, and its source', async () => {
    const { handlers, client, clock, far, log, conversation } = served()
    const signals: AbortSignal[] = []
    let cancelled = false
    handlers.register('wait', (_input, { signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    })
    handlers.register(action.bytes('read'), (_input, { signal }) => {
      signals.push(signal)
      return new ReadableStream({
        cancel() {
          cancelled = true
        },
      })
    })
    void client.request('wait')
    void client.request('read')
    await clock.advance(10)
    void far.close()
    await clock.advance(10)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(cancelled).toBe(true)
    expect(log).toEqual(['CONNECTION_LOST'])
    expect(conversation.size).toBe(1) // The handler that never ends.
  })

  test('a value over the message limit ends the conversation', async () => {
    const { client, clock, log, far } = served({ limits: { messageSize: 100_000 } })
    void client.request('x', new Uint8Array(200_000))
    await clock.advance(100)
    expect(log).toEqual(['TOO_LARGE'])
    expect(far.isClosed).toBe(true)
  })

  test('JSON clients are served, too, but for bytes', async () => {
    const { handlers, ask } = served({ serialization: 'json' })
    handlers.register('list', () => ['a'])
    handlers.register(action.bytes('read'), () => new Uint8Array(10))
    expect((await ask('list')).response.body.data).toEqual(['a'])
    expect((await ask('read')).response.body).toMatchObject({ code: 500, data: null })
  })
})

describe('an article-style device is asked', () => {
  const asking = (options: Setting = {}) => {
    const at = setting(options)
    const device = new ArticleDevice(wireOver(at.far))
    const events: string[] = []
    let downloaded = 0
    const asked: OutgoingRequestEvents = {
      written: () => events.push('written'),
      answering: (total) => events.push(`answering ${total}`),
      uploaded() {},
      downloaded: (bytes) => {
        downloaded += bytes
      },
      closed: () => events.push('closed'),
      finished: () => events.push('finished'),
    }
    const start = (name: string, input: unknown, more: Partial<OutgoingRequest> = {}) =>
      at.conversation.request(
        {
          action: name,
          kind: 'value',
          input: encodeValue(input, 'INVALID_INPUT'),
          requestId: null,
          body: null,
          idleTimeout: 30_000,
          output: undefined,
          ...more,
        },
        asked,
      )
    const ask = (name: string, input: unknown = null, more: Partial<OutgoingRequest> = {}) =>
      outcome(at.clock, start(name, input, more).answer)
    return { ...at, device, start, ask, events, downloaded: () => downloaded }
  }

  test('code 200 resolves with the data', async () => {
    const { device, ask, events } = asking()
    device.handle('files.list', (context) => {
      context.response.body.data = { path: context.request.body.path }
    })
    expect(await ask('files.list', { path: '/' })).toEqual({ path: '/' })
    expect(events).toEqual(['written', 'answering null', 'closed', 'finished'])
  })

  test('any other code rejects as that ActionError', async () => {
    const { device, ask } = asking()
    device.handle('files.list', ({ response }) => {
      response.body = { code: 403, data: { why: 1 }, message: 'Not yours' }
    })
    const error = await ask('files.list').catch((reason) => reason)
    expect(error).toBeInstanceOf(ActionError)
    expect(error).toMatchObject({ code: 403, message: 'Not yours', data: { why: 1 } })
  })

  test('an unknown action comes back as it went: 200 and null', async () => {
    expect(await asking().ask('nope')).toBeNull()
  })

  test('what comes behind the answer is ignored, and not taken for a request', async () => {
    const { device, ask, far, handlers, clock } = asking()
    let runs = 0
    handlers.register('files.list', () => runs++)
    device.handle('files.list', (context) => {
      context.response.body.data = 1
      const { send } = wireOver(far)
      send(context)
      send(context)
    })
    expect(await ask('files.list')).toBe(1)
    await clock.advance(100)
    expect(runs).toBe(0)
  })

  test('a series is a Response that is delivered as it comes', async () => {
    const { device, start, clock, events } = asking()
    const bytes = pattern(300)
    device.handle('files.read', async (_context, part) => {
      part('start', bytes.subarray(0, 100))
      await new Promise<void>((resolve) => clock.after(1000, resolve))
      part('chunk', bytes.subarray(100, 200))
      await new Promise<void>((resolve) => clock.after(1000, resolve))
      part('chunk', bytes.subarray(200))
      part('end', new Uint8Array([9, 9, 9]))
    })
    const response = (await outcome(clock, start('files.read', null, { kind: 'bytes' }).answer)) as Response
    expect(clock.now()).toBeLessThan(1000)
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    expect(await outcome(clock, reader.read())).toMatchObject({ value: bytes.subarray(0, 100) })
    expect(clock.now()).toBeLessThan(1000)
    expect(await outcome(clock, reader.read())).toMatchObject({ value: bytes.subarray(100, 200) })
    expect(await outcome(clock, reader.read())).toMatchObject({ value: bytes.subarray(200) })
    expect(await outcome(clock, reader.read())).toMatchObject({ done: true })
    expect(events).toEqual(['written', 'answering null', 'finished', 'closed'])
  })

  test('a series for a plain name is a ReadableStream', async () => {
    const { device, ask, clock } = asking()
    device.handle('files.read', (_context, part) => {
      part('start', pattern(10))
      part('end', new Uint8Array(0))
    })
    const stream = await ask('files.read')
    expect(stream).toBeInstanceOf(ReadableStream)
    const bytes = await outcome(clock, new Response(stream as ReadableStream).arrayBuffer())
    expect(new Uint8Array(bytes)).toEqual(pattern(10))
  })

  test('chunks and the end that overtake the start are put behind it', async () => {
    const { ask, far, device, clock } = asking()
    device.handle('files.read', (context) => {
      const { send } = wireOver(far)
      const part = (type: string, chunk: Uint8Array) => {
        const headers = { contentType: 'application/octet-stream' }
        send({ ...context, response: { body: { code: 200, data: { type, chunk }, message: '' }, headers } })
      }
      part('chunk', pattern(4).subarray(2, 3))
      part('chunk', pattern(4).subarray(3))
      part('end', new Uint8Array(0))
      part('start', pattern(4).subarray(0, 2))
      throw new Error('The device says no more.')
    })
    const response = (await ask('files.read', null, { kind: 'bytes' })) as Response
    expect(new Uint8Array(await outcome(clock, response.arrayBuffer()))).toEqual(pattern(4))
  })

  test('bytes that are answered as a value are a Response, too; another value is INVALID_OUTPUT', async () => {
    const { device, ask } = asking()
    device.handle('read', ({ response }) => {
      response.body.data = pattern(5)
    })
    const response = (await ask('read', null, { kind: 'bytes' })) as Response
    expect(response.headers.get('content-length')).toBe('5')
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(pattern(5))
    const error = await ask('nope', null, { kind: 'bytes' }).catch((reason) => reason)
    expect(codeOf(error)).toBe('INVALID_OUTPUT')
  })

  test('a device that fails in the middle of a series errors the reader with its code', async () => {
    const { device, ask, clock } = asking()
    device.handle('read', (context, part) => {
      part('start', pattern(5))
      context.response = { body: { code: 500, data: null, message: 'Broken' } }
    })
    const response = (await ask('read', null, { kind: 'bytes' })) as Response
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    expect(await reader.read()).toMatchObject({ value: pattern(5) })
    await expect(outcome(clock, reader.read())).rejects.toMatchObject({ name: 'ActionError', code: 500 })
  })

  test('a series that stops is TIMEOUT for a reader that waits', async () => {
    const { device, ask, clock } = asking()
    device.handle('read', (_context, part) => {
      part('start', pattern(5))
      throw new Error('gone')
    })
    const response = (await ask('read', null, { kind: 'bytes', idleTimeout: 1000 })) as Response
    const error = await outcome(clock, response.arrayBuffer()).catch((reason) => reason)
    expect(codeOf(error)).toBe('TIMEOUT')
  })

  test('a reader that does not read is OVERLOADED, not a full memory', async () => {
    const { device, ask, clock } = asking()
    device.handle('read', (_context, part) => {
      part('start', new Uint8Array(1_000_000))
      for (let index = 0; index < 80; index++) part('chunk', new Uint8Array(1_000_000))
      part('end', new Uint8Array(0))
    })
    const response = (await ask('read', null, { kind: 'bytes' })) as Response
    await clock.advance(100)
    const error = await response.arrayBuffer().catch((reason) => reason)
    expect(codeOf(error)).toBe('OVERLOADED')
  })

  test('a cancelled reader gives back what it held, and later parts change nothing', async () => {
    const budget = new ReceiveBudget()
    const { device, ask, clock, events } = asking({ budget })
    device.handle('read', async (_context, part) => {
      part('start', new Uint8Array(1_000_000))
      for (let index = 0; index < 40; index++) part('chunk', new Uint8Array(1_000_000))
      await new Promise<void>((resolve) => clock.after(1000, resolve))
      part('chunk', new Uint8Array(10))
      part('end', new Uint8Array(0))
    })
    const response = (await ask('read', null, { kind: 'bytes' })) as Response
    await clock.advance(100)
    expect(budget.take(60_000_000)).toBe(false)
    await response.body?.cancel()
    expect(events.at(-1)).toBe('finished')
    await clock.advance(2000)
    expect(budget.take(60_000_000)).toBe(true)
  })

  test('cancelling a request rejects it at once', async () => {
    const { start, device } = asking()
    device.handle('wait', () => new Promise(() => {}))
    const exchange = start('wait', null)
    exchange.cancel(new NanopeerError('ABORTED', 'Enough.'))
    await expect(exchange.answer).rejects.toMatchObject({ code: 'ABORTED' })
  })

  test('events and uploads are UNSUPPORTED, and an upload is not read', async () => {
    const { ask } = asking()
    expect(codeOf(await ask('tail', null, { kind: 'events' }).catch((reason) => reason))).toBe('UNSUPPORTED')
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      cancel() {
        cancelled = true
      },
    })
    const error = await ask('write', null, { body }).catch((reason) => reason)
    expect([codeOf(error), cancelled]).toEqual(['UNSUPPORTED', true])
  })

  test('an input that PeerJS cannot carry is INVALID_INPUT, and named', async () => {
    const error = await asking()
      .ask('x', { at: [Number.NaN] })
      .catch((reason) => reason)
    expect(codeOf(error)).toBe('INVALID_INPUT')
    expect((error as Error).message).toContain('input.at[0]')
  })

  test('a lost channel rejects what is pending, and what comes after', async () => {
    const { start, ask, far, clock, device } = asking()
    device.handle('wait', () => new Promise(() => {}))
    const exchange = start('wait', null)
    exchange.answer.catch(() => {})
    await clock.advance(10)
    void far.close()
    await clock.advance(10)
    await expect(exchange.answer).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
    await expect(ask('wait')).rejects.toMatchObject({ code: 'CONNECTION_LOST' })
  })

  test('a wrong answer that is no answer rejects as PROTOCOL', async () => {
    const { device, ask } = asking()
    device.handle('x', (context) => {
      context.response = {} as Context['response']
    })
    expect(codeOf(await ask('x').catch((reason) => reason))).toBe('PROTOCOL')
  })
})

describe('plain messages', () => {
  const talking = (options: Setting = {}) => {
    const at = setting(options)
    const wire = wireOver(at.far)
    const heard: unknown[] = []
    wire.on('data', (value) => heard.push(value))
    const send = (value: unknown) =>
      outcome(at.clock, at.conversation.send(encodeValue(value, 'INVALID_INPUT')))
    return { ...at, wire, heard, send }
  }

  test('go both ways as they are', async () => {
    const { wire, heard, send, messages, clock } = talking()
    for (const value of ['text', 1, false, [1], { a: { b: null } }]) {
      await send(value)
      wire.send(value)
    }
    await clock.advance(10)
    expect(heard).toEqual(['text', 1, false, [1], { a: { b: null } }])
    expect(messages).toEqual(heard)
  })

  test('keep their order, whatever their size', async () => {
    const { heard, send, clock } = talking({ rate: 1000 })
    const sent = [send(new Uint8Array(1_000_000)), send('small')]
    await Promise.all(sent)
    await clock.advance(10_000)
    expect(heard.map((value) => typeof value)).toEqual(['object', 'string'])
  })

  test('that PeerJS would break on are refused', async () => {
    const { send } = talking()
    for (const value of [null, undefined, { __peerData: 1 }, { a: Number.NaN }, 1n]) {
      expect(codeOf(await send(value).catch((reason) => reason))).toBe('INVALID_INPUT')
    }
  })

  test('of a bare client may look like envelopes', async () => {
    const { wire, messages, clock, conversation } = talking({ envelopes: false })
    const envelope = { action: 'x', request: { id: '1', body: 1 }, response: { body: {} } }
    wire.send(envelope)
    await clock.advance(10)
    expect(messages).toEqual([envelope])
    expect(conversation.size).toBe(0)
  })

  test('that are no envelopes are messages, whatever they look like', async () => {
    const { wire, messages, clock } = talking()
    const request = { id: '1' }
    const values = [
      { action: 'x' },
      { action: 1, request, response: {} },
      { action: 'x', request: { id: 1 }, response: {} },
      { action: 'x', request, response: null },
      { action: 'x', request: { id: 'x'.repeat(129) }, response: {} },
      { action: 'x'.repeat(257), request, response: {} },
    ]
    for (const value of values) wire.send(value)
    await clock.advance(10)
    expect(messages).toEqual(values)
  })

  test('of bytes that are none end the conversation, with a report', async () => {
    const { far, clock, log, reports } = talking()
    far.send(new Uint8Array([0xdd, 0xff, 0xff, 0xff, 0xff]))
    await clock.advance(10)
    expect(log).toEqual(['PROTOCOL'])
    expect(reports.map(codeOf)).toEqual(['PROTOCOL'])
  })

  test("PeerJS's own goodbye ends the conversation", async () => {
    const { wire, clock, log, near } = talking()
    wire.send({ __peerData: { type: 'close' } })
    await clock.advance(10)
    expect([log, near.isClosed]).toEqual([['CONNECTION_LOST'], true])
  })

  test('that are queued leave before an end of our own', async () => {
    const { conversation, heard, clock } = talking({ rate: 1000 })
    const sent = Array.from({ length: 10 }, (_, index) =>
      conversation.send(encodeValue([index, new Uint8Array(100_000)], 'INVALID_INPUT')),
    )
    await outcome(clock, conversation.close(new NanopeerError('ABORTED', 'Done.')))
    await Promise.all(sent)
    expect(heard).toHaveLength(10)
  })
})

describe('what a stranger can make us hold', () => {
  const nothing = { streams: 0, inputs: 0, fragments: 0, unread: 0, frames: 0, waiting: 0 }
  const envelope = (id: number, name: string, body: unknown = null) => ({
    action: name,
    request: { id: `${id}`, body },
    response: { body: {} },
  })

  test('answers that it does not read have a bound, and so has the number of its refusals', async () => {
    // Nothing that we send leaves.
    const { handlers, far, clock, conversation, held, log } = setting({
      rate: 1e-9,
      farRate: 1e6,
      limits: { messageSize: 100_000 },
    })
    handlers.register('large', () => 'x'.repeat(10_000))
    const { send } = wireOver(far)
    let most = 0
    for (let id = 0; log.length === 0 && id < 30_000; id++) {
      send(envelope(id, 'large'))
      if (id % 100 === 0) await clock.advance(2)
      most = Math.max(most, held.total)
    }
    await clock.advance(100)
    expect(most).toBeGreaterThan(150_000)
    expect(most).toBeLessThan(210_000)
    expect(log).toEqual(['PROTOCOL'])
    expect([usageOfPlain(conversation), held.total]).toEqual([nothing, 0])
  })

  test('goes back to nothing when it has its answers', async () => {
    const { handlers, far, clock, conversation, held } = setting()
    handlers.register('echo', async (input) => {
      await new Promise<void>((resolve) => clock.after(100, resolve))
      return input
    })
    handlers.register(action.bytes('read'), () => chunksOf(pattern(1_000_000), 65_536))
    const { send } = wireOver(far)
    for (let id = 0; id < 100; id++)
      send(envelope(id, id % 10 === 0 ? 'read' : 'echo', new Uint8Array(10_000)))
    await clock.runUntil(() => conversation.size > 50)
    expect(usageOfPlain(conversation).inputs).toBeGreaterThan(500_000)
    await clock.runUntil(() => conversation.size === 0)
    expect([usageOfPlain(conversation), held.total]).toEqual([nothing, 0])
  })

  test('goes back to nothing when it is gone', async () => {
    const { handlers, far, clock, conversation, held, log } = setting({ rate: 10 })
    handlers.register('wait', (_input, { signal }) => {
      return new Promise((resolve) => signal.addEventListener('abort', resolve))
    })
    handlers.register('large', () => 'x'.repeat(1_000_000))
    handlers.register(action.bytes('read'), () => chunksOf(pattern(10_000_000), 65_536))
    const { send, codec } = wireOver(far)
    for (let id = 0; id < 30; id++) send(envelope(id, ['wait', 'large', 'read'][id % 3] as string))
    const [piece] = codec.encode(new Uint8Array(1_000_000))
    far.send(piece as Uint8Array<ArrayBuffer>)
    await clock.advance(10_000)
    expect(conversation.size).toBe(30)
    expect(held.total).toBeGreaterThan(5_000_000)
    void far.close()
    await clock.runUntil(() => log.length > 0)
    await clock.advance(1000)
    expect({ ...usageOfPlain(conversation), fragments: 0 }).toEqual(nothing)
    expect(held.total).toBe(0)
  })
})

describe('a path', () => {
  const watched = async (packets: (look: number) => number | null) => {
    const { clock, near, log } = setting()
    for (let look = 0; look < 12; look++) {
      ;(near as TestChannel).packetsSeen = packets(look)
      await clock.advance(5000)
    }
    return log
  }

  test('on which packets arrive is left alone', async () => {
    expect(await watched((look) => look)).toEqual([])
  })

  test('whose packets cannot be counted is left alone', async () => {
    expect(await watched(() => null)).toEqual([])
  })

  test('that falls silent is unstable, and well again when packets come', async () => {
    expect(await watched((look) => (look < 6 ? 1 : look))).toEqual(['silent', 'heard'])
  })

  test('that stays silent is lost', async () => {
    expect(await watched(() => 1)).toEqual(['silent', 'CONNECTION_LOST'])
  })
})

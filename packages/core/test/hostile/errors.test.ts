import { readFile } from 'node:fs/promises'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expect, test } from 'vitest'
import { action } from '../../src/base/action'
import { systemClock } from '../../src/base/clock'
import { ActionError, NanopeerError } from '../../src/base/errors'
import type { PeerOptions } from '../../src/base/types'
import { FrameType } from '../../src/engine/wire/frame'
import { createPeer } from '../../src/peer/registry'
import { createTestNetwork } from '../../testing'
import { byeCode, Mallory, request } from './mallory'

/** In every message, path, name and value that belongs to the device alone. */
const canary = 'CANARY'
const secretError = () => new Error(`${canary} /etc/shadow line 7`)
const schema = (validate: (value: unknown) => unknown): StandardSchemaV1 => ({
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: validate as StandardSchemaV1['~standard']['validate'],
  },
})

class CanaryRow {
  readonly CANARY = 1
}

const throwing = {
  get CANARY(): never {
    throw secretError()
  },
}

const cycle: Record<string, unknown> = {}
cycle[canary] = { cycle }

const values: Record<string, () => unknown> = {
  throws: () => {
    throw secretError()
  },
  rejects: () => Promise.reject(secretError()),
  'rejects with a string': () => Promise.reject(`${canary} string`),
  'rejects with nothing': () => Promise.reject(),
  'rejects with what cannot be printed': () => Promise.reject({ [canary]: Object.create(null) }),
  'rejects with a symbol': () => Promise.reject(Symbol(canary)),
  'rejects with an error of ours': () => Promise.reject(new NanopeerError('REFUSED', `${canary} inside`)),
  'rejects with an error whose name lies': () =>
    Promise.reject(Object.assign(secretError(), { name: 'NanopeerError', code: 'REFUSED' })),
  'fails to read a file': () => readFile(`/nowhere/${canary}.txt`),
  'fails like a programmer': () => (undefined as unknown as { CANARY(): void }).CANARY(),
  'answers with a Map': () => new Map([[canary, canary]]),
  'answers with an instance': () => ({ rows: [new CanaryRow()] }),
  'answers with a function in a field': () => ({ [`${canary}@example.com`]: () => canary }),
  'answers with a cycle': () => cycle,
  'answers with a getter that throws': () => throwing,
  'answers with a thenable that throws': () => ({
    // biome-ignore lint/suspicious/noThenProperty: that is what is tested
    get then() {
      throw secretError()
    },
  }),
  'answers with too much': () => canary.repeat(10_000),
  'says it with data that cannot be sent': () => {
    throw new ActionError(1, 'public', new Map([[canary, canary]]))
  },
  'says it with a code that is none': () => {
    throw new ActionError(canary as unknown as number, `${canary} message`)
  },
  'says it with a code that cannot be sent': () => {
    throw new ActionError((2n ** 70n) as unknown as number, `${canary} message`)
  },
  'says it with data that changes': () => {
    let reads = 0
    const data = {
      get field() {
        if (reads++ > 1) throw secretError()
        return 1
      },
    }
    throw new ActionError(3, 'public', data)
  },
}

const events: Record<string, () => unknown> = {
  'is no iterable': () => canary,
  'has no iterator': () => ({
    [Symbol.asyncIterator]() {
      throw secretError()
    },
  }),
  'throws at once': () => ({
    [Symbol.asyncIterator]: () => ({
      next() {
        throw secretError()
      },
      return() {
        throw secretError()
      },
    }),
  }),
  'gives what is no result': () => ({ [Symbol.asyncIterator]: () => ({ next: () => undefined }) }),
  'throws in the middle': async function* () {
    yield 1
    throw secretError()
  },
  'gives what cannot be sent': async function* () {
    yield { [canary]: new CanaryRow() }
  },
  'gives too much': async function* () {
    yield canary.repeat(10_000)
  },
}

const used = () => {
  const response = new Response(canary)
  response.body?.getReader()
  return response
}

const bytes: Record<string, () => unknown> = {
  'is no bytes': () => ({ [canary]: 1 }),
  'is used': used,
  fails: () =>
    new ReadableStream({
      pull() {
        throw secretError()
      },
    }),
  'gives what is no bytes': () =>
    new ReadableStream({
      pull(controller) {
        controller.enqueue(canary)
      },
    }),
}

const inputs: Record<string, (value: unknown) => unknown> = {
  'throws in its schema': () => {
    throw secretError()
  },
  'rejects in its schema': () => Promise.reject(secretError()),
  'does not match': () => ({ issues: [{ message: `${canary} got ${canary}`, path: ['name', { key: 0 }] }] }),
  'does not match anywhere': () => ({ issues: [{ message: canary }] }),
}

/** What no message of a device may hold, whatever its handlers do. */
const internals = [
  canary,
  'shadow',
  'ENOENT',
  'nowhere',
  '    at ',
  '.ts:',
  'file:',
  'node_modules',
  'TypeError',
  'undefined',
]

test('no error that a device sends holds a stack, a path or an internal message', async () => {
  const { transport } = createTestNetwork()
  const reports: unknown[] = []
  const onError: PeerOptions['onError'] = (error) => reports.push(error)
  const nas = createPeer('a-nas', { transport, accept: 'anyone', onError, limits: { messageSize: 50_000 } })
  const names: { name: string; kind: 'value' | 'events' | 'bytes' }[] = []
  for (const [kind, handlers] of Object.entries({ value: values, events, bytes })) {
    for (const [name, handler] of Object.entries(handlers)) {
      nas.handle(name, handler)
      names.push({ name, kind: kind as 'value' })
    }
  }
  for (const [name, validate] of Object.entries(inputs)) {
    nas.handle(action(name, { input: schema(validate) }), () => 'served')
    names.push({ name, kind: 'value' })
  }
  await nas.open()
  const until = async (condition: () => boolean, what: string) => {
    await expect.poll(condition, { message: what, interval: 1 }).toBe(true)
  }
  const mallory = await Mallory.join(transport, 'mallory', systemClock, until)
  const link = await mallory.enter('a-nas')
  const ends = names.map(({ name, kind }, index) => {
    link.send(request(2 * index + 2, name, null, kind))
    return { name, stream: 2 * index + 2 }
  })
  // An unknown action, one of another kind, and a request that cannot be read, which ends the link.
  link.send(request(1000, 'unknown'), request(1002, 'does not match', null, 'events'))
  for (const { name, stream } of ends) {
    await until(() => link.of(FrameType.Fail, stream).length > 0, `an error of the handler that ${name}`)
  }
  await link.next(FrameType.Fail, 1002)
  const codes = Object.fromEntries(
    ends.map(({ name, stream }) => [name, link.of(FrameType.Fail, stream).map(byeCode)[0]]),
  )
  link.send(request(1004, 'throws', null, 'value'), {
    ...request(1006, 'throws'),
    payload: new Uint8Array(3),
  })
  await link.closed()
  const sent = link.frames.map(({ payload }) => new TextDecoder('latin1').decode(payload))
  for (const text of sent) for (const internal of internals) expect(text).not.toContain(internal)
  expect(codes).toMatchObject({
    throws: 'HANDLER_FAILED',
    'rejects with an error of ours': 'HANDLER_FAILED',
    'rejects with an error whose name lies': 'HANDLER_FAILED',
    'answers with an instance': 'INVALID_OUTPUT',
    'answers with too much': 'TOO_LARGE',
    'gives too much': 'TOO_LARGE',
    'says it with data that cannot be sent': 1,
    'says it with a code that is none': 'HANDLER_FAILED',
    'does not match': 'INVALID_INPUT',
  })
  // The device itself hears all of it.
  expect(reports.length).toBeGreaterThanOrEqual(names.length - 4)
  expect(reports.filter((report) => String(report).includes(canary)).length).toBeGreaterThan(10)
  await mallory.leave()
  await nas.destroy()
})

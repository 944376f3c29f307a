import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expectTypeOf, test } from 'vitest'
import { action, type Connection, type HandlerContext, type Peer, requestOptions } from '../../src'

declare const connection: Connection
declare const peer: Peer
declare const digits: StandardSchemaV1<{ size: string }, { size: number }>

interface Entry {
  name: string
}

const list = action<{ path: string }, Entry[]>('list')
const now = action<void, number>('now')
const read = action.bytes<{ path: string }>('read')
const tail = action.events<{ lines: number }, string>('tail')
const grow = action('grow', { input: digits, output: digits })

test('a request takes the input of its action', () => {
  connection.request(list, { path: '/' })
  connection.request(now)
  connection.request(now, undefined, { timeout: 0 })
  connection.request('untyped', { anything: true })
  // @ts-expect-error the input is missing
  connection.request(list)
  // @ts-expect-error the input is another one
  connection.request(list, { folder: '/' })
  // @ts-expect-error the input has one property too many
  connection.request(list, { path: '/', depth: 2 })
  // @ts-expect-error a path is a string
  connection.request(list, { path: 7 })
  // @ts-expect-error this action takes no input
  connection.request(now, { path: '/' })
  // @ts-expect-error a function is no action
  connection.request(() => [], {})
})

test('the kind of an action says what its asker gets', () => {
  expectTypeOf(connection.request(list, { path: '/' })).toEqualTypeOf<Promise<Entry[]>>()
  expectTypeOf(connection.request(read, { path: '/' })).toEqualTypeOf<Promise<Response>>()
  expectTypeOf(connection.request(tail, { lines: 1 })).toEqualTypeOf<Promise<AsyncIterable<string>>>()
})

test('an answer has to be awaited', async () => {
  const answer = connection.request(list, { path: '/' })
  // @ts-expect-error this is a promise, not yet the list
  answer.map(({ name }) => name)
  // @ts-expect-error a response is not there before it is awaited
  connection.request(read, { path: '/' }).blob()
  // @ts-expect-error a series is reached through a promise, which is no series itself
  for await (const line of connection.request(tail, { lines: 1 })) line.trim()
  for await (const line of await connection.request(tail, { lines: 1 })) line.trim()
  expectTypeOf((await answer).map(({ name }) => name)).toEqualTypeOf<string[]>()
})

test('options of a request are known by name and type', () => {
  connection.request(
    read,
    { path: '/' },
    { retry: true, body: new Blob(), onProgress: ({ loaded }) => loaded },
  )
  // @ts-expect-error there is no such option
  connection.request(list, { path: '/' }, { retries: 3 })
  // @ts-expect-error milliseconds are a number
  connection.request(list, { path: '/' }, { timeout: '30s' })
  // @ts-expect-error the signal is wanted, not what it belongs to
  connection.request(list, { path: '/' }, { signal: new AbortController() })
  // @ts-expect-error a body is bytes
  connection.request(list, { path: '/' }, { body: 'text' })
  // @ts-expect-error options do not take the place of the input
  connection.request(list, { timeout: 1000 })
})

test('a handler answers with what its action is to give', () => {
  peer.handle(list, ({ path }) => [{ name: path }])
  peer.handle(list, async ({ path }) => [{ name: path }])
  peer.handle(now, () => Date.now())
  peer.handle('untyped', (input) => input)
  // @ts-expect-error a number is no list
  peer.handle(list, () => 7)
  // @ts-expect-error an entry has a name
  peer.handle(list, () => [{ path: '/' }])
  // @ts-expect-error the list is forgotten
  peer.handle(list, () => {})
  // @ts-expect-error bytes do not answer an action of values
  peer.handle(list, () => new Blob())
  // @ts-expect-error a series does not answer an action of values
  peer.handle(list, async function* () {
    yield { name: 'a' }
  })
  // @ts-expect-error there is no such input
  peer.handle(list, ({ folder }) => [{ name: folder }])
  // @ts-expect-error the handler is missing
  peer.handle(list)
})

test('bytes are answered by bytes in any form, and by nothing else', () => {
  peer.handle(read, () => new Response('text'))
  peer.handle(read, () => new Blob())
  peer.handle(read, () => new Uint8Array(8))
  peer.handle(read, async () => new ReadableStream<Uint8Array>())
  peer.handle(read, async function* () {
    yield new Uint8Array(8)
  })
  // @ts-expect-error text is not bytes; a Response or an encoder makes it so
  peer.handle(read, () => 'text')
  // @ts-expect-error a value does not answer an action of bytes
  peer.handle(read, () => [{ name: 'a' }])
  // @ts-expect-error an iterable of strings is not one of bytes
  peer.handle(read, async function* () {
    yield 'text'
  })
})

test('events are answered by an iterable of them, and by nothing else', () => {
  peer.handle(tail, async function* ({ lines }) {
    yield `${lines}`
  })
  // @ts-expect-error one value is no series
  peer.handle(tail, () => 'line')
  // @ts-expect-error a list is there at once; a series is asynchronous
  peer.handle(tail, () => ['line'])
  // @ts-expect-error a line is a string
  peer.handle(tail, async function* () {
    yield 7
  })
  // @ts-expect-error bytes are no series of values
  peer.handle(tail, () => new Blob())
})

test('a handler knows its request', () => {
  peer.handle(list, (_input, context) => {
    expectTypeOf(context).toEqualTypeOf<HandlerContext>()
    expectTypeOf(context.signal).toEqualTypeOf<AbortSignal>()
    // @ts-expect-error the asker may have sent no body
    context.body.getReader()
    // @ts-expect-error the id is the request's, not to be changed
    context.requestId = ''
    return []
  })
})

test('with a transforming schema asker and handler see their own side of it', () => {
  expectTypeOf(connection.request(grow, { size: '1' })).toEqualTypeOf<Promise<{ size: number }>>()
  peer.handle(grow, ({ size }) => ({ size: `${size + 1}` }))
  // @ts-expect-error the asker gives what goes into the schema
  connection.request(grow, { size: 1 })
  // @ts-expect-error the handler answers with what goes into the schema
  peer.handle(grow, ({ size }) => ({ size }))
})

test('an action is named, and its schemas are Standard Schemas', () => {
  // @ts-expect-error the name is missing
  action()
  // @ts-expect-error a name is a string
  action(7)
  // @ts-expect-error this is no Standard Schema
  action('grow', { input: (value: unknown) => value })
})

test('a query asks for values: bytes and series cannot be cached', () => {
  expectTypeOf(requestOptions(connection, list, { path: '/' }).queryFn).returns.toEqualTypeOf<
    Promise<Entry[]>
  >()
  requestOptions(connection, now)
  // @ts-expect-error the input is missing
  requestOptions(connection, list)
  // @ts-expect-error a response can be read only once
  requestOptions(connection, read, { path: '/' })
  // @ts-expect-error a series can be read only once
  requestOptions(connection, tail, { lines: 1 })
})

test('a media action is asked for and answered with a MediaStream', () => {
  const watch = action.media<{ facing: 'user' | 'environment' }>('watch', { maxBitrate: 1e6 })
  expectTypeOf(connection.request(watch, { facing: 'user' })).toEqualTypeOf<Promise<MediaStream>>()
  // @ts-expect-error the input is missing
  connection.request(watch)
  // @ts-expect-error no such camera
  connection.request(watch, { facing: 'up' })
  peer.handle(watch, async ({ facing }) => {
    expectTypeOf(facing).toEqualTypeOf<'user' | 'environment'>()
    return new MediaStream()
  })
  // @ts-expect-error a track is no stream
  peer.handle(watch, () => new MediaStream().getTracks()[0])
  // @ts-expect-error there are no such pictures
  action.media('watch', { contentHint: 'cats' })
  // @ts-expect-error bits per second
  action.media('watch', { maxBitrate: '1 Mbit/s' })
  // @ts-expect-error what arrives is a MediaStream, which no schema knows
  action.media('watch', { output: grow.output })
  // @ts-expect-error a camera cannot be cached
  requestOptions(connection, watch, { facing: 'user' })
})

import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterEach, describe, expect, onTestFinished, test } from 'vitest'
import { ActionError, action, type BytesOutput, type Progress } from '../../../src/index'
import { createPair, type Pair, turns } from '../../support/pair'

const KiB = 1024
const download = action.bytes('download')
const upload = action<unknown, number>('upload')
const ticks = action.events('ticks')

/** 3 MB that are not all alike. */
const content = new Uint8Array(3_000_000).map((_, index) => index * 31)
const inPieces = function* (size = 50_000): Generator<Uint8Array<ArrayBuffer>> {
  for (let from = 0; from < content.length; from += size) yield content.slice(from, from + size)
}
const generator = async function* (): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  yield* inPieces()
}

/** The same as a web stream. */
const webStream = () => new Response(content).body as ReadableStream<Uint8Array>

const folders: string[] = []
const fileWith = async (bytes: Uint8Array): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'nanopeer-'))
  folders.push(folder)
  await writeFile(join(folder, 'file'), bytes)
  return join(folder, 'file')
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** Waits until two looks in a row, some turns apart, see the same. */
const settled = async (look: () => number): Promise<number> => {
  for (let before = look(); ; before = look()) {
    await turns()
    if (look() === before && before > 0) return before
  }
}

/** A source that counts what was taken of it, and whether it was told to stop. */
const counted = () => {
  const seen = { taken: 0, cancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        seen.taken += 64 * KiB
        controller.enqueue(new Uint8Array(64 * KiB))
      },
      cancel() {
        seen.cancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { seen, stream }
}

describe('what gives bytes', () => {
  const sources: Record<string, () => Promise<Exclude<BytesOutput, Response>>> = {
    'a Uint8Array': async () => content,
    'a Blob': async () => new Blob([content]),
    'a File': async () => new File([content], 'photo.jpg', { type: 'image/jpeg' }),
    'a ReadableStream': async () => webStream(),
    'a generator': async () => generator(),
    'a Node stream': async () => createReadStream(await fileWith(content)),
    'a Node stream, made a web stream': async () =>
      Readable.toWeb(createReadStream(await fileWith(content))) as ReadableStream<Uint8Array>,
  }

  test.each(Object.entries(sources))('%s is answered whole', async (_name, open) => {
    const { connection } = await createPair((device) => device.handle(download, open))
    const response = await connection.request(download)
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true)
  })

  test.each(Object.entries(sources))('%s is uploaded whole', async (_name, open) => {
    let arrived = Buffer.alloc(0)
    const { connection } = await createPair((device) =>
      device.handle(upload, async (_input, { body }) => {
        arrived = Buffer.from(await new Response(body).arrayBuffer())
        return arrived.length
      }),
    )
    expect(await connection.request(upload, null, { body: await open() })).toBe(content.length)
    expect(arrived.equals(content)).toBe(true)
  })

  test('a download is piped into a file', async () => {
    const { connection } = await createPair((device) => device.handle(download, () => generator()))
    const path = await fileWith(new Uint8Array())
    const { body } = await connection.request(download)
    await body?.pipeTo(Writable.toWeb(createWriteStream(path)))
    expect((await readFile(path)).equals(content)).toBe(true)
  })

  test('a stream or iterable that would have to be sent twice is refused', async () => {
    const { connection } = await createPair(() => {})
    for (const body of [webStream(), generator()]) {
      await expect(connection.request(upload, null, { body, retry: true })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      })
    }
  })

  test('chunks that are no bytes end the stream, and close the source', async () => {
    let closed = false
    const { connection } = await createPair((device) =>
      device.handle(download, async function* () {
        try {
          yield new Uint8Array(3)
          yield 'text' as never
        } finally {
          closed = true
        }
      }),
    )
    const response = await connection.request(download)
    await expect(response.arrayBuffer()).rejects.toMatchObject({ code: 'INVALID_OUTPUT' })
    expect(closed).toBe(true)
  })
})

describe('a reader that stops', () => {
  test('stops what the device makes', async () => {
    const { seen, stream } = counted()
    const { connection } = await createPair((device) => device.handle(download, () => stream))
    const { body } = await connection.request(download)
    const ahead = await settled(() => seen.taken)
    expect(ahead).toBeLessThanOrEqual(768 * KiB)
    const reader = body?.getReader()
    for (let read = 0; read < 256 * KiB; ) read += (await reader?.read())?.value?.length ?? 0
    expect(await settled(() => seen.taken)).toBeGreaterThan(ahead)
    await reader?.cancel()
  })

  test('stops the generator of a series', async () => {
    let made = 0
    const { connection } = await createPair((device) =>
      device.handle(ticks, async function* () {
        for (;;) yield { count: ++made, text: 'x'.repeat(1000) }
      }),
    )
    const series = await connection.request(ticks)
    expect(await settled(() => made)).toBeLessThan(768)
    await (series as AsyncGenerator).return(undefined)
  })

  test('stops what is uploaded', async () => {
    const { seen, stream } = counted()
    const { connection } = await createPair((device) => device.handle(upload, () => new Promise(() => {})))
    const controller = new AbortController()
    const answer = connection.request(upload, null, { body: stream, signal: controller.signal })
    expect(await settled(() => seen.taken)).toBeLessThanOrEqual(768 * KiB)
    controller.abort()
    await expect(answer).rejects.toMatchObject({ code: 'ABORTED' })
    expect(seen.cancelled).toBe(true)
  })
})

describe('progress', () => {
  test('of an answer counts nothing of an upload that still goes on', async () => {
    const { connection } = await createPair((device) =>
      device.handle(download, (_input, { body }) => body as ReadableStream<Uint8Array>),
    )
    const told: Progress[] = []
    const onProgress = (progress: Progress) => void told.push(progress)
    const response = await connection.request(download, undefined, { body: new Blob([content]), onProgress })
    expect((await response.arrayBuffer()).byteLength).toBe(content.length)
    await expect.poll(() => told.at(-1)).toEqual({ loaded: content.length })
  })

  const progressOf = async (
    pair: Pair,
  ): Promise<{ readonly last: Progress | undefined; readonly calls: number; readonly frames: number }> => {
    const told: Progress[] = []
    const start = performance.now()
    const response = await pair.connection.request(download, undefined, {
      onProgress: (progress) => told.push(progress),
    })
    await response.arrayBuffer()
    return { last: told.at(-1), calls: told.length, frames: (performance.now() - start) / 16 }
  }

  test('has a total where the answer says its length', async () => {
    const headers = { 'content-length': String(content.length) }
    const pair = await createPair((device) =>
      device.handle(download, () => new Response(content, { headers })),
    )
    const { last } = await progressOf(pair)
    expect(last).toEqual({ loaded: content.length, total: content.length })
  })

  test('has none where nobody knows it, and is told no more than once a frame', async () => {
    const pair = await createPair((device) => device.handle(download, () => generator()))
    const { last, calls, frames } = await progressOf(pair)
    expect(last).toEqual({ loaded: content.length })
    // The first and the last come besides.
    expect(calls).toBeLessThanOrEqual(frames + 2)
  })
})

describe('an end before the end', () => {
  test('a Node stream that the asker did not wait for is closed', async () => {
    const body = new Readable({ read() {} })
    let answer = (_: Readable) => {}
    let isAsked = false
    const { connection } = await createPair((device) =>
      device.handle(download, () => {
        isAsked = true
        return new Promise<Readable>((resolve) => {
          answer = resolve
        })
      }),
    )
    const controller = new AbortController()
    const asked = connection.request(download, undefined, { signal: controller.signal })
    await expect.poll(() => isAsked).toBe(true)
    controller.abort()
    await expect(asked).rejects.toMatchObject({ code: 'ABORTED' })
    await turns()
    answer(body)
    await expect.poll(() => body.destroyed).toBe(true)
  })

  test('a Node stream of which more is waited for is closed when its asker gives up', async () => {
    const body = new Readable({ read() {} })
    body.push(new Uint8Array(10))
    const pair = await createPair((device) => device.handle(download, () => body))
    const controller = new AbortController()
    const response = await pair.connection.request(download, undefined, { signal: controller.signal })
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    expect((await reader.read()).value?.length).toBe(10)
    controller.abort()
    await expect.poll(() => body.destroyed).toBe(true)
    await turns()
    expect(pair.errors).toEqual([])
  })

  test('a body is cancelled that comes with a signal that has been aborted before', async () => {
    const { connection } = await createPair(() => {})
    const body = new Readable({ read() {} })
    const asked = connection.request('upload', null, { body, signal: AbortSignal.abort() })
    await expect(asked).rejects.toMatchObject({ code: 'ABORTED' })
    await expect.poll(() => body.destroyed).toBe(true)
  })

  test('a Node stream whose upload never began is closed', async () => {
    const { laptop } = await createPair(() => {})
    const body = new Readable({ read() {} })
    await expect(laptop.connect('nobody').request('upload', null, { body })).rejects.toThrow()
    await expect.poll(() => body.destroyed).toBe(true)
  })

  test('a file that cannot be opened is told of when there is a link, and ends no process before', async () => {
    const { laptop } = await createPair(() => {})
    const thrown: unknown[] = []
    const keep = (error: unknown) => void thrown.push(error)
    process.on('uncaughtException', keep)
    onTestFinished(() => void process.off('uncaughtException', keep))
    const body = createReadStream('/nowhere/at/all')
    const closed = new Promise<void>((resolve) => body.once('close', resolve))
    await expect(laptop.connect('nobody').request('upload', null, { body })).rejects.toThrow()
    await closed
    await turns()
    expect(thrown).toEqual([])
  })

  test('a reader that cancels stops the producer', async () => {
    const { seen, stream } = counted()
    let signal: AbortSignal | undefined
    const { connection } = await createPair((device) =>
      device.handle(download, (_input, context) => {
        signal = context.signal
        return stream
      }),
    )
    const { body } = await connection.request(download)
    await body?.cancel()
    await expect.poll(() => seen.cancelled).toBe(true)
    expect(signal?.aborted).toBe(true)
    const { taken } = seen
    await turns()
    expect(seen.taken).toBe(taken)
  })

  test('a loop that is left closes the generator at the device', async () => {
    let closed = false
    const { connection } = await createPair((device) =>
      device.handle(ticks, async function* () {
        try {
          for (let count = 0; ; count++) yield count
        } finally {
          closed = true
        }
      }),
    )
    for await (const count of await connection.request(ticks)) if (count === 10) break
    await expect.poll(() => closed).toBe(true)
  })

  test('a producer that throws errors the reader with its code, behind all that came before', async () => {
    const { connection } = await createPair((device) =>
      device.handle(download, async function* () {
        yield* inPieces()
        throw new ActionError(507, 'The disk is gone')
      }),
    )
    const reader = (await connection.request(download)).body?.getReader()
    let read = 0
    const readAll = async () => {
      for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
        read += part.value.length
      }
    }
    await expect(readAll()).rejects.toMatchObject({ name: 'ActionError', code: 507 })
    expect(read).toBe(content.length)
  })
})

import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { write } from '../device/write'
import { makeFolder, namesIn } from './folder'

const never = new AbortController().signal
const bodyOf = (text: string) => new Blob([text]).stream()

/** A body that sends one piece and then waits for ever, until it is told how to go on. */
const openBody = () => {
  let control!: ReadableStreamDefaultController<Uint8Array>
  const cancelled = vi.fn()
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      control = controller
      controller.enqueue(new TextEncoder().encode('first half'))
    },
    cancel: cancelled,
  })
  return { body, cancelled, fail: () => control.error(new Error('The sender is gone.')) }
}

test('an upload becomes a file, whole', async () => {
  const root = await makeFolder()
  const entry = await write(root, { path: 'note.txt', size: 5, body: bodyOf('hello'), signal: never })
  expect(entry).toMatchObject({ name: 'note.txt', kind: 'file', size: 5 })
  expect(await readFile(join(root, 'note.txt'), 'utf8')).toBe('hello')
  expect(await namesIn(root)).toEqual(['note.txt'])
})

test('an empty upload becomes an empty file', async () => {
  const root = await makeFolder()
  await write(root, { path: 'empty', size: 0, body: bodyOf(''), signal: never })
  expect(await readFile(join(root, 'empty'), 'utf8')).toBe('')
})

test('a name that is taken is a conflict, and the file stays as it was', async () => {
  const root = await makeFolder()
  await writeFile(join(root, 'note.txt'), 'mine')
  const upload = write(root, { path: 'note.txt', size: 5, body: bodyOf('yours'), signal: never })
  await expect(upload).rejects.toMatchObject({ name: 'ActionError', code: 409, data: { name: 'note.txt' } })
  expect(await readFile(join(root, 'note.txt'), 'utf8')).toBe('mine')
  expect(await namesIn(root)).toEqual(['note.txt'])
})

test('of two uploads under one name exactly one wins', async () => {
  const root = await makeFolder()
  const texts = ['one', 'two']
  const results = await Promise.allSettled(
    texts.map((text) => write(root, { path: 'note.txt', size: 3, body: bodyOf(text), signal: never })),
  )
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected'])
  const winner = results.findIndex((result) => result.status === 'fulfilled')
  expect(await readFile(join(root, 'note.txt'), 'utf8')).toBe(texts[winner])
  expect(await namesIn(root)).toEqual(['note.txt'])
})

test('a name that was taken while the upload was under way is a conflict too', async () => {
  const root = await makeFolder()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        await writeFile(join(root, 'note.txt'), 'faster')
        controller.enqueue(new TextEncoder().encode('slower'))
        controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  const upload = write(root, { path: 'note.txt', size: 6, body, signal: never })
  await expect(upload).rejects.toMatchObject({ code: 409 })
  expect(await readFile(join(root, 'note.txt'), 'utf8')).toBe('faster')
  expect(await namesIn(root)).toEqual(['note.txt'])
})

test('an upload is not to be seen before it is whole, and a broken one leaves nothing', async () => {
  const root = await makeFolder()
  const { body, fail } = openBody()
  const upload = write(root, { path: 'note.txt', size: 20, body, signal: never })
  await expect.poll(() => namesIn(root)).toEqual([expect.stringMatching(/^\.nanopeer-/)])
  fail()
  await expect(upload).rejects.toThrow('The sender is gone.')
  expect(await namesIn(root)).toEqual([])
})

test('an aborted upload leaves nothing and lets go of its body', async () => {
  const root = await makeFolder()
  const { body, cancelled } = openBody()
  const abort = new AbortController()
  const upload = write(root, { path: 'note.txt', size: 20, body, signal: abort.signal })
  await expect.poll(() => namesIn(root)).toHaveLength(1)
  abort.abort()
  await expect(upload).rejects.toMatchObject({ name: 'AbortError' })
  expect(await namesIn(root)).toEqual([])
  expect(cancelled).toHaveBeenCalled()
})

test('an upload that is shorter or longer than promised leaves nothing', async () => {
  const root = await makeFolder()
  for (const size of [4, 6, undefined]) {
    const upload = write(root, { path: 'note.txt', size, body: bodyOf('hello'), signal: never })
    await expect(upload).rejects.toMatchObject({ name: 'ActionError', code: 400 })
  }
  expect(await namesIn(root)).toEqual([])
})

test('an upload without a body is refused', async () => {
  const root = await makeFolder()
  const upload = write(root, { path: 'note.txt', size: 0, body: undefined, signal: never })
  await expect(upload).rejects.toMatchObject({ name: 'ActionError', code: 400 })
})

test('what a killed device left is removed by the next upload, and a living upload is not', async () => {
  const root = await makeFolder()
  const left = `.nanopeer-${'0'.repeat(36)}.part`
  const living = `.nanopeer-${'1'.repeat(36)}.part`
  const longAgo = new Date(Date.now() - 11 * 60_000)
  await mkdir(join(root, 'photos'))
  await writeFile(join(root, 'photos', left), 'half')
  await writeFile(join(root, 'photos', living), 'half')
  await utimes(join(root, 'photos', left), longAgo, longAgo)
  await write(root, { path: 'photos/new.txt', size: 3, body: bodyOf('new'), signal: never })
  expect(await namesIn(join(root, 'photos'))).toEqual([living, 'new.txt'])
})

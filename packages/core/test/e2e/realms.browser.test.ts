import { expect, onTestFinished, test } from 'vitest'
import { action } from '../../src/index'
import { createPair } from '../support/pair'

const write = action<void, string>('write')
const read = action.bytes('read')

test('files, blobs, bytes and answers of an iframe are as good as our own', async () => {
  const frame = document.body.appendChild(document.createElement('iframe'))
  onTestFinished(() => frame.remove())
  const realm = frame.contentWindow as Window & typeof globalThis
  const given = [
    new realm.File(['hello'], 'hello.txt'),
    new realm.Blob(['hello']),
    new realm.Uint8Array([104, 101, 108, 108, 111]),
    new realm.Response('hello').body as ReadableStream<Uint8Array>,
  ]
  let output: unknown
  const { connection } = await createPair((device) => {
    device.handle(write, async (_input, { body }) => await new Response(body).text())
    device.handle(read, () => output as Blob)
  })
  for (const body of given) expect(await connection.request(write, undefined, { body })).toBe('hello')
  expect(await connection.request(write, undefined, { body: given[0] as File, retry: true })).toBe('hello')
  for (output of [...given.slice(0, 3), new realm.Response('hello')]) {
    expect(await (await connection.request(read)).text()).toBe('hello')
  }
  await expect(
    connection.request(write, undefined, { signal: realm.AbortSignal.abort() }),
  ).rejects.toMatchObject({ code: 'ABORTED' })
})

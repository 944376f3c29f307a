import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { watchForChanges } from '../device/watch'
import { makeFolder } from './folder'

test('a new file is told, and hidden ones are not', async () => {
  const root = await makeFolder()
  const abort = new AbortController()
  const changes = watchForChanges(root, '', abort.signal)
  const first = changes.next()
  // The watch begins some time after it is asked for.
  const writing = setInterval(() => writeFile(join(root, 'shown.txt'), ''), 50)
  const before = (await first).value ?? 0
  clearInterval(writing)
  for (let times = 0; times < 100; times++) await writeFile(join(root, '.hidden'), '')
  await writeFile(join(root, 'shown.txt'), '')
  const after = (await changes.next()).value ?? 0
  expect(after - before).toBeGreaterThan(0)
  expect(after - before).toBeLessThan(50)
  abort.abort()
})

test('a watch ends when its reader gives up', async () => {
  const root = await makeFolder()
  await mkdir(join(root, 'album'))
  const abort = new AbortController()
  const changes = watchForChanges(root, 'album', abort.signal)
  const next = changes.next()
  abort.abort()
  expect(await next).toEqual({ done: true, value: undefined })
})

test('a folder outside is refused', async () => {
  const root = await makeFolder()
  const changes = watchForChanges(root, '..', new AbortController().signal)
  await expect(changes.next()).rejects.toMatchObject({ name: 'ActionError', code: 403 })
})

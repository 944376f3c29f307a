import { execFile } from 'node:child_process'
import { appendFile, readdir, readlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { read } from '../device/read'
import { makeFolder } from './folder'

test('a file comes with its bytes, its length and its type', async () => {
  const root = await makeFolder()
  const bytes = new Uint8Array(700_000).map((_, index) => index % 251)
  await writeFile(join(root, 'picture.SVG'), bytes)
  const response = await read(root, 'picture.SVG')
  expect(response.headers.get('content-length')).toBe('700000')
  expect(response.headers.get('content-type')).toBe('image/svg+xml')
  expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), bytes)).toBe(0)
})

test('an empty file is an empty answer', async () => {
  const root = await makeFolder()
  await writeFile(join(root, 'empty'), '')
  const response = await read(root, 'empty')
  expect(response.headers.get('content-length')).toBe('0')
  expect(await response.text()).toBe('')
})

test('a file that grows meanwhile keeps the length it promised', async () => {
  const root = await makeFolder()
  await writeFile(join(root, 'log.txt'), 'first')
  const response = await read(root, 'log.txt')
  await appendFile(join(root, 'log.txt'), ' and more')
  expect(await response.text()).toBe('first')
})

test('a file that becomes shorter meanwhile fails instead of looking whole', async () => {
  const root = await makeFolder()
  await writeFile(join(root, 'log.txt'), new Uint8Array(2_000_000))
  const response = await read(root, 'log.txt')
  await truncate(join(root, 'log.txt'), 10)
  await expect(response.arrayBuffer()).rejects.toMatchObject({ name: 'ActionError', code: 410 })
})

test.runIf(process.platform === 'linux')('a cancelled body closes its file', async () => {
  const root = await makeFolder()
  const location = join(root, 'large.bin')
  await writeFile(location, new Uint8Array(4_000_000))
  const response = await read(root, 'large.bin')
  const reader = response.body?.getReader()
  await reader?.read()
  expect(await openFiles()).toContain(location)
  await reader?.cancel()
  await expect.poll(openFiles).not.toContain(location)
})

test.runIf(process.platform === 'linux')('a body that is cancelled unread closes its file', async () => {
  const root = await makeFolder()
  await writeFile(join(root, 'large.bin'), new Uint8Array(4_000_000))
  const response = await read(root, 'large.bin')
  await response.body?.cancel()
  await expect.poll(openFiles).not.toContain(join(root, 'large.bin'))
})

test.runIf(process.platform === 'linux')(
  'a named pipe is refused at once instead of waited for',
  async () => {
    const root = await makeFolder()
    await promisify(execFile)('mkfifo', [join(root, 'pipe')])
    await expect(read(root, 'pipe')).rejects.toMatchObject({ name: 'ActionError', code: 400 })
  },
)

test('a folder is refused', async () => {
  const root = await makeFolder()
  await expect(read(root, '')).rejects.toMatchObject({ name: 'ActionError', code: 400 })
})

const openFiles = async () => {
  const descriptors = await readdir('/proc/self/fd')
  return Promise.all(
    descriptors.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => 'closed meanwhile')),
  )
}

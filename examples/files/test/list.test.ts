import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { list } from '../device/list'
import { makeFolder } from './folder'

test('folders come first, then names as a person would sort them', async () => {
  const root = await makeFolder()
  for (const name of ['picture 10.svg', 'Picture 2.svg', 'apple.txt']) await writeFile(join(root, name), '')
  for (const name of ['zoo', 'Album']) await mkdir(join(root, name))
  expect((await list(root, '')).map((entry) => entry.name)).toEqual([
    'Album',
    'zoo',
    'apple.txt',
    'Picture 2.svg',
    'picture 10.svg',
  ])
})

test('an entry says its kind, its size in bytes and when it was changed', async () => {
  const root = await makeFolder()
  const modified = new Date('2026-03-01T12:00:00Z')
  await mkdir(join(root, 'folder'))
  await writeFile(join(root, 'five.txt'), '12345')
  await utimes(join(root, 'five.txt'), modified, modified)
  const [folder, file] = await list(root, '')
  expect(folder).toMatchObject({ name: 'folder', kind: 'folder', size: 0 })
  expect(file).toEqual({ name: 'five.txt', kind: 'file', size: 5, modified })
})

test('hidden names and links that leave the folder are left out', async () => {
  const root = await makeFolder()
  const elsewhere = await makeFolder()
  await writeFile(join(root, 'shown.txt'), '')
  await writeFile(join(root, '.hidden'), '')
  await writeFile(join(elsewhere, 'private.txt'), '')
  await symlink(join(elsewhere, 'private.txt'), join(root, 'leak.txt'))
  await symlink(join(root, 'nothing'), join(root, 'dangling.txt'))
  await symlink(join(root, 'shown.txt'), join(root, 'linked.txt'))
  expect((await list(root, '')).map((entry) => entry.name)).toEqual(['linked.txt', 'shown.txt'])
})

test('a file is not a folder', async () => {
  const root = await makeFolder()
  await writeFile(join(root, 'file.txt'), '')
  await expect(list(root, 'file.txt')).rejects.toMatchObject({ name: 'ActionError', code: 400 })
})

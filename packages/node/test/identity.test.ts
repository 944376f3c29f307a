import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formerKeys } from '@nanopeer/core/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backupIdentity, fileKnown, loadIdentity, restoreIdentity, rotateIdentity } from '../src'

let folder: string
let path: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'identity-'))
  path = join(folder, 'identity.json')
})

afterEach(() => rm(folder, { recursive: true }))

describe('an identity in a file', () => {
  test('is made on first use, for its owner alone, and the same from then on', async () => {
    const first = await loadIdentity(path)
    expect(first).toMatchObject({ kept: true, created: true, error: null, predecessors: [] })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(folder)).toEqual(['identity.json'])
    expect(await loadIdentity(path)).toMatchObject({ key: first.key, kept: true, created: false })
    expect((await first.sign(new Uint8Array(3))).length).toBe(64)
  })

  test('is one where several processes make it at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => loadIdentity(path)))
    expect(new Set(all.map(({ key }) => key)).size).toBe(1)
    expect(all.filter(({ created }) => created)).toHaveLength(1)
    expect(await readdir(folder)).toEqual(['identity.json'])
  })

  test.each(['', '{', '{}', 'null', '{"nanopeer":"identity","privateKey":"AAAA","predecessors":[]}'])(
    'is never made anew over a file that says %j',
    async (text) => {
      await writeFile(path, text)
      await expect(loadIdentity(path)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
      expect(await readFile(path, 'utf8')).toBe(text)
    },
  )

  test('is not made where the folder is missing, and the file system says so', async () => {
    await expect(loadIdentity(join(folder, 'no', 'where'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('comes back from a backup, and never over another', async () => {
    const { key } = await loadIdentity(path)
    const backup = await backupIdentity(path)
    const elsewhere = join(folder, 'restored.json')
    expect(await restoreIdentity(elsewhere, backup)).toMatchObject({ key, created: false })
    expect((await stat(elsewhere)).mode & 0o777).toBe(0o600)
    expect((await loadIdentity(elsewhere)).key).toBe(key)
    const other = join(folder, 'other.json')
    const { key: otherKey } = await loadIdentity(other)
    await expect(restoreIdentity(other, backup)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect((await loadIdentity(other)).key).toBe(otherKey)
    await expect(restoreIdentity(join(folder, 'new.json'), backup.slice(0, 80))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
    await expect(backupIdentity(join(folder, 'none.json'))).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('is replaced by one that it has signed, and that one by the next', async () => {
    const first = await loadIdentity(path)
    await chmod(path, 0o644)
    const second = await rotateIdentity(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    const third = await rotateIdentity(path)
    expect(new Set([first.key, second.key, third.key]).size).toBe(3)
    const loaded = await loadIdentity(path)
    expect(loaded.key).toBe(third.key)
    expect(await formerKeys(loaded.publicKey, loaded.predecessors)).toEqual([second.key, first.key])
    expect(await readdir(folder)).toEqual(['identity.json'])
  })
})

describe('the remotes that are known in a file', () => {
  const key = `${'A'.repeat(51)}Q`

  test('are learned, listed and forgotten, by all who have the file', async () => {
    const known = fileKnown(join(folder, 'known.json'))
    expect(await known.get('nas')).toBe(undefined)
    await known.set('nas', key)
    const other = fileKnown(join(folder, 'known.json'))
    expect(await other.get('nas')).toBe(key)
    expect(await other.list()).toEqual([{ id: 'nas', key }])
    await other.delete('nas')
    expect(await known.list()).toEqual([])
    expect((await stat(join(folder, 'known.json'))).mode & 0o777).toBe(0o600)
  })

  test('are all there when they came at once', async () => {
    const known = fileKnown(join(folder, 'known.json'))
    const ids = Array.from({ length: 20 }, (_, index) => `device-${index}`)
    await Promise.all(ids.map((id) => known.set(id, key)))
    expect(await known.list()).toEqual(ids.map((id) => ({ id, key })))
  })

  test('are known by keys alone, and a wrong file is no empty one', async () => {
    const known = fileKnown(join(folder, 'known.json'))
    await expect(known.set('nas', 'short')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await writeFile(join(folder, 'known.json'), '[]{')
    await expect(known.get('nas')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(known.set('nas', key)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

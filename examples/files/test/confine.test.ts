import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { confine, confineNew } from '../device/confine'
import { makeFolder } from './folder'

let root: string
let elsewhere: string

beforeEach(async () => {
  root = await makeFolder()
  elsewhere = await makeFolder()
  await mkdir(join(root, 'photos', 'sea'), { recursive: true })
  await writeFile(join(root, 'photos', 'sea', 'wave.svg'), '<svg/>')
  await writeFile(join(root, '.secret'), 'key')
  await writeFile(join(elsewhere, 'passwords.txt'), 'hunter2')
})

const refused = (code: number) => expect.objectContaining({ name: 'ActionError', code })

describe('a path that exists', () => {
  test('is found under the shared folder', async () => {
    expect(await confine(root, 'photos/sea/wave.svg')).toEqual({
      location: join(root, 'photos', 'sea', 'wave.svg'),
      path: 'photos/sea/wave.svg',
    })
  })

  test.each(['', '/', '.', './'])('may be the shared folder itself, written %j', async (path) => {
    expect(await confine(root, path)).toEqual({ location: root, path: '' })
  })

  test('may be written with a slash at its end or twice in its middle', async () => {
    expect((await confine(root, 'photos//sea/')).path).toBe('photos/sea')
  })

  test('may go through a link that stays inside', async () => {
    await symlink(join(root, 'photos'), join(root, 'pictures'))
    expect((await confine(root, 'pictures/sea')).path).toBe('photos/sea')
  })

  test('is missing with 404', async () => {
    await expect(confine(root, 'photos/none')).rejects.toEqual(refused(404))
    await expect(confine(root, 'photos/sea/wave.svg/deeper')).rejects.toEqual(refused(404))
    await expect(confine(root, 'a'.repeat(5000))).rejects.toEqual(refused(404))
  })

  test.each([undefined, null, 7, ['photos'], {}])('is a string and not %j', async (path) => {
    await expect(confine(root, path)).rejects.toEqual(refused(400))
  })
})

describe('a path that leads out', () => {
  test.each([
    '..',
    '../',
    'photos/../..',
    'photos/../photos',
    '..\\..\\secrets',
    'photos/..\\..',
    '/etc/passwd',
    '//server/share',
    '\\\\server\\share',
    'photos\0/sea',
    '\0',
  ])('is refused: %j', async (path) => {
    await expect(confine(root, path)).rejects.toEqual(refused(403))
    await expect(confineNew(root, `${path}/new.txt`)).rejects.toEqual(refused(403))
  })

  test('is refused as absolute even where it leads inside', async () => {
    await expect(confine(root, join(root, 'photos'))).rejects.toEqual(refused(403))
  })

  test('is refused when a link to a folder takes it there', async () => {
    await symlink(elsewhere, join(root, 'way-out'))
    await expect(confine(root, 'way-out')).rejects.toEqual(refused(403))
    await expect(confine(root, 'way-out/passwords.txt')).rejects.toEqual(refused(403))
  })

  test('is refused when a link to a file takes it there', async () => {
    await symlink(join(elsewhere, 'passwords.txt'), join(root, 'notes.txt'))
    await expect(confine(root, 'notes.txt')).rejects.toEqual(refused(403))
  })

  test('is refused when a chain of links or a link upwards takes it there', async () => {
    await symlink(join(root, 'second'), join(root, 'first'))
    await symlink('..', join(root, 'second'))
    await expect(confine(root, 'first')).rejects.toEqual(refused(403))
  })

  test('is refused when its folder only begins with the same letters', async () => {
    const twin = `${root}-twin`
    await mkdir(twin)
    await symlink(twin, join(root, 'twin'))
    await expect(confine(root, 'twin')).rejects.toEqual(refused(403))
    await expect(confine(root, `../${twin.slice(dirname(twin).length + 1)}`)).rejects.toEqual(refused(403))
  })

  test('is refused for a link that goes round in a circle', async () => {
    await symlink(join(root, 'circle'), join(root, 'circle'))
    await expect(confine(root, 'circle')).rejects.toEqual(refused(403))
  })
})

describe('a hidden name', () => {
  test.each(['.secret', 'photos/.git/config', '.ssh'])('is refused: %j', async (path) => {
    await expect(confine(root, path)).rejects.toEqual(refused(403))
  })

  test('is refused through a link with an innocent name', async () => {
    await symlink(join(root, '.secret'), join(root, 'innocent.txt'))
    await expect(confine(root, 'innocent.txt')).rejects.toEqual(refused(403))
  })

  test('does not matter in the way to the shared folder', async () => {
    const hidden = join(elsewhere, '.local', 'share')
    await mkdir(hidden, { recursive: true })
    expect((await confine(hidden, '')).location).toBe(hidden)
  })
})

describe('a new file', () => {
  test('is placed in its folder', async () => {
    expect(await confineNew(root, 'photos/new.txt')).toEqual({
      folder: join(root, 'photos'),
      location: join(root, 'photos', 'new.txt'),
      path: 'photos/new.txt',
    })
  })

  test('is placed where a link inside really leads', async () => {
    await symlink(join(root, 'photos'), join(root, 'pictures'))
    expect((await confineNew(root, 'pictures/new.txt')).location).toBe(join(root, 'photos', 'new.txt'))
  })

  test('needs a name', async () => {
    await expect(confineNew(root, '')).rejects.toEqual(refused(400))
  })

  test('needs a folder', async () => {
    await expect(confineNew(root, 'none/new.txt')).rejects.toEqual(refused(404))
    await expect(confineNew(root, 'photos/sea/wave.svg/new.txt')).rejects.toEqual(refused(404))
  })

  test('is refused in a folder that a link takes out', async () => {
    await symlink(elsewhere, join(root, 'way-out'))
    await expect(confineNew(root, 'way-out/new.txt')).rejects.toEqual(refused(403))
  })

  test('is refused under a hidden name', async () => {
    await expect(confineNew(root, 'photos/.new')).rejects.toEqual(refused(403))
  })

  test('conflicts with a file, a folder and a link that leads nowhere', async () => {
    await symlink(join(elsewhere, 'nothing'), join(root, 'dangling'))
    await expect(confineNew(root, 'photos/sea/wave.svg')).rejects.toEqual(refused(409))
    await expect(confineNew(root, 'photos/sea')).rejects.toEqual(refused(409))
    await expect(confineNew(root, 'dangling')).rejects.toEqual(refused(409))
  })
})

import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestNetwork } from '@nanopeer/core/testing'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Connection, createPeer, fileKnown, loadIdentity, type Peer } from '../../src'
import * as actions from './actions'
import { download } from './download'
import { createPairedDevice } from './paired-device'
import { serveFiles } from './serve-files'
import { serveLog } from './serve-log'
import { serveUploads } from './serve-uploads'
import { turnServers } from './turn-credentials'

let folder: string
let device: Peer
let laptop: Peer
let connection: Connection

beforeEach(async () => {
  const { transport } = createTestNetwork()
  folder = await mkdtemp(join(tmpdir(), 'nanopeer-'))
  device = createPeer('nas', { transport, accept: 'anyone', onError: () => {} })
  laptop = createPeer('laptop', { transport })
  await device.open()
  connection = laptop.connect('nas')
})

afterEach(async () => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  await Promise.all([device.destroy(), laptop.destroy()])
  await rm(folder, { recursive: true })
})

test('a download fills a file with what the device has, and says how far it is', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {})
  const bytes = randomBytes(3_000_000)
  await writeFile(join(folder, 'film'), bytes)
  serveFiles(device, folder)
  await download(connection, 'film', join(folder, 'copy'))
  expect(bytes.equals(await readFile(join(folder, 'copy')))).toBe(true)
  expect(log).toHaveBeenLastCalledWith('3000000 of 3000000')
})

test.each(['../film', '.env', 'link', 'folder'])('what is in no list is not found: %s', async (path) => {
  await writeFile(join(folder, '.env'), 'SECRET=1')
  await symlink(join(folder, '.env'), join(folder, 'link'))
  await mkdir(join(folder, 'folder'))
  serveFiles(device, folder)
  await expect(download(connection, path, join(folder, 'copy'))).rejects.toMatchObject({ code: 404 })
})

test('an upload is kept under its name when it is whole', async () => {
  const bytes = randomBytes(3_000_000)
  serveUploads(device, folder)
  const body = new Blob([bytes])
  await connection.request(actions.writeFile, { name: 'film', size: bytes.length }, { body })
  expect(await readdir(folder)).toEqual(['film'])
  expect(bytes.equals(await readFile(join(folder, 'film')))).toBe(true)
})

test.each([
  ['is cut short', { name: 'film', size: 4 }, 400],
  ['has a path for a name', { name: '../film', size: 3 }, 400],
  ['has a name that is taken', { name: 'taken', size: 3 }, 409],
])('an upload that %s fails, and leaves nothing behind', async (_what, input, code) => {
  await writeFile(join(folder, 'taken'), 'mine')
  serveUploads(device, folder)
  const asked = connection.request(actions.writeFile, input, { body: new Blob(['abc']) })
  await expect(asked).rejects.toMatchObject({ name: 'ActionError', code })
  expect(await readdir(folder)).toEqual(['taken'])
  expect(await readFile(join(folder, 'taken'), 'utf8')).toBe('mine')
})

test.skipIf(process.platform === 'win32')('a log ends on the device when its reader leaves', async () => {
  const file = join(folder, 'log')
  const processes = () => execFileSync('ps', ['-A', '-o', 'args'], { encoding: 'utf8' })
  await writeFile(file, 'one\ntwo\nthree\n')
  serveLog(device, file)
  const seen: string[] = []
  for await (const line of await connection.request(actions.tailLog, { lines: 2 })) {
    seen.push(line)
    if (line === 'three') await appendFile(file, 'four\n')
    if (line === 'four') break
  }
  expect(seen).toEqual(['two', 'three', 'four'])
  await vi.waitFor(() => expect(processes()).not.toContain(`2 ${file}`), 20_000)
})

test('a device serves who has paired with it, whatever the id, until that key is revoked', async () => {
  const { transport } = createTestNetwork()
  const nas = createPairedDevice('nas', folder, { transport, onError: () => {} })
  nas.handle('read', () => 'served')
  await nas.open()
  const identity = await loadIdentity(join(folder, 'phone.json'))
  const phone = createPeer('phone', {
    transport,
    identity,
    known: fileKnown(join(folder, 'known-to-phone.json')),
  })
  await expect(phone.connect('nas').request('read')).rejects.toMatchObject({ code: 'REFUSED' })
  const pairing = nas.pair()
  await vi.waitFor(() => expect(pairing.$state.get().code).not.toBeNull(), 20_000)
  await phone.join(pairing.$state.get().code as string).done
  await pairing.done
  const other = createPeer('another-tab', { transport, identity })
  for (const peer of [phone, other]) {
    peer.connect('nas').reconnect()
    expect(await peer.connect('nas').request('read')).toBe('served')
  }
  await nas.revoke(identity.key)
  const late = createPeer('yet-another-tab', { transport, identity })
  await expect(late.connect('nas').request('read')).rejects.toMatchObject({ code: 'REFUSED' })
  const again = nas.pair()
  await vi.waitFor(() => expect(again.$state.get().code).not.toBeNull(), 20_000)
  await late.join(again.$state.get().code as string).done
  await again.done
  late.connect('nas').reconnect()
  expect(await late.connect('nas').request('read')).toBe('served')
  await Promise.all([nas, phone, other, late].map((peer) => peer.destroy()))
})

test('the credentials are those that coturn makes of the same secret', () => {
  vi.useFakeTimers({ now: 0 })
  expect(turnServers('0123456789abcdef')[1]).toMatchObject({
    username: '3600',
    credential: '89mAkM04xTdSS/O2+6Ge+lfvP/U=',
  })
})

import { action, createPeer, generateSecret, getPeer, type PeerOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { flushSync, mount, unmount } from 'svelte'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import Choosing from './Choosing.svelte'
import Destructured from './Destructured.svelte'
import Fields from './Fields.svelte'
import Guarded from './Guarded.svelte'
import Keyed from './Keyed.svelte'
import Legacy from './Legacy.svelte'
import Runes from './Runes.svelte'
import Stores from './Stores.svelte'
import Throwing from './Throwing.svelte'

const list = action<{ path: string }, string>('list')

let options: PeerOptions
let leave: (() => Promise<void>)[] = []
beforeEach(() => {
  options = { transport: createTestNetwork().transport }
})
afterEach(async () => {
  for (const undo of leave) await undo()
  leave = []
})

const openDevice = async () => {
  const device = createPeer('nas', { ...options, accept: 'anyone' })
  leave.push(() => device.destroy())
  device.handle(list, ({ path }) => `of ${path}`)
  await device.open()
}

const shown = () => document.querySelector('output')?.textContent

test('a store of the core is a store in a template, which holds what it stands for', async () => {
  await openDevice()
  const peer = createPeer('laptop', options)
  leave.push(() => peer.destroy())
  const app = mount(Stores, { target: document.body, props: { peer, connection: peer.connect('nas') } })
  leave.push(() => unmount(app))
  await expect.poll(shown).toBe('open open')
})

test('a connection in deep state is still the connection, and an input in deep state is followed', async () => {
  await openDevice()
  const props = { id: 'laptop', remoteId: 'nas', options, list }
  const app = mount(Runes, { target: document.body, props })
  leave.push(() => unmount(app))
  await expect.poll(shown).toBe('success of /a')
  document.querySelector('button')?.click()
  flushSync()
  expect(shown()).toContain('pending')
  await expect.poll(shown).toBe('success of /b')
})

test('a field that was taken out of a hook stays what it was, and the field of the object is that of now', async () => {
  const app = mount(Destructured, { target: document.body, props: { id: 'laptop', options } })
  leave.push(() => unmount(app))
  expect(shown()).toBe('connecting connecting')
  await expect.poll(shown).toBe('connecting open')
})

test('an effect runs again when the field that it reads is another one, and for no other field', async () => {
  const ran: string[] = []
  const app = mount(Fields, { target: document.body, props: { options, ran } })
  leave.push(() => unmount(app))
  flushSync()
  expect(ran).toEqual(['peer undefined', 'status idle'])
  document.querySelector('button')?.click()
  await expect.poll(shown).toContain('open')
  flushSync()
  expect(ran.filter((text) => text.startsWith('peer'))).toEqual(['peer undefined', 'peer laptop'])
  expect(ran.filter((text) => text.startsWith('status'))).toEqual([
    'status idle',
    'status connecting',
    'status open',
  ])
})

test('a select that throws reaches the boundary around it, and nobody else who shows the answer', async () => {
  await openDevice()
  getPeer('nas', options).handle('name', () => 'nas')
  const peer = createPeer('laptop', options)
  leave.push(() => peer.destroy())
  const app = mount(Throwing, { target: document.body, props: { connection: peer.connect('nas') } })
  leave.push(() => unmount(app))
  await expect.poll(() => document.querySelector('p')?.textContent).toBe('success nas')
  await expect.poll(() => document.querySelector('output')).toBe(null)
  document.querySelector('button')?.click()
  flushSync()
  expect(shown()).toBe('nas')
})

test('a handler that takes the place of another one under a key answers, and nobody is told of two', async () => {
  const warn = vi.spyOn(console, 'warn')
  leave.push(async () => void vi.restoreAllMocks())
  const nas = createPeer('nas', { ...options, accept: 'anyone' })
  leave.push(() => nas.destroy())
  const peer = createPeer('laptop', options)
  leave.push(() => peer.destroy())
  // Svelte mounts what comes before it destroys what goes.
  const app = mount(Keyed, { target: document.body, props: { peer: nas } })
  leave.push(() => unmount(app))
  const ask = () => peer.connect('nas').request('title', null)
  await expect.poll(ask).toBe('page 1')
  document.querySelector('button')?.click()
  flushSync()
  await expect.poll(ask).toBe('page 2')
  expect(warn.mock.calls).toEqual([])
})

test('a component that looks only when it is clicked is told of nothing', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  leave.push(async () => void vi.restoreAllMocks())
  await openDevice()
  const peer = createPeer('laptop', options)
  leave.push(() => peer.destroy())
  const connection = peer.connect('nas')
  let prints = 0
  const device = getPeer('nas', options)
  device.handle('print', () => {
    prints++
  })
  const app = mount(Guarded, { target: document.body, props: { connection } })
  leave.push(() => unmount(app))
  flushSync()
  for (const clicks of [1, 2]) {
    document.querySelector('button')?.click()
    await expect.poll(() => prints).toBe(clicks)
    await expect.poll(() => connection.$requests.get()).toEqual([])
    flushSync()
  }
  expect(warn.mock.calls).toEqual([])
})

test('a component without runes is told why nothing changes', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  leave.push(async () => void vi.restoreAllMocks())
  const app = mount(Legacy, { target: document.body, props: { options } })
  leave.push(() => unmount(app))
  expect(shown()).toBe('connecting')
  await expect.poll(() => warn.mock.calls.length).toBe(1)
  expect(warn.mock.calls[0]?.[0]).toContain('runes')
})

test('a derived id is followed through an await block and a snippet, and a page that is keyed anew has its peer', async () => {
  const secrets = [generateSecret(), generateSecret()]
  const login = { now: 0 }
  for (const id of ['nas-1', 'nas-2']) {
    const device = createPeer(id, { ...options, accept: 'anyone', secret: () => secrets[login.now] })
    leave.push(() => device.destroy())
    device.handle(list, ({ path }) => `of ${path}`)
    await device.open()
  }
  const seen: string[] = []
  const app = mount(Choosing, { target: document.body, props: { options, list, secrets, seen } })
  leave.push(() => unmount(app))
  const [next, again] = document.querySelectorAll('button')
  await expect.poll(shown).toBe('of nas-1 open')
  next?.click()
  await expect.poll(shown).toBe('of nas-2 open')
  login.now = 1
  again?.click()
  await expect.poll(() => getPeer('laptop', options).$status.value?.state).toBe('open')
  await expect.poll(shown).toBe('of nas-2 open')
  flushSync()
  // No effect sees an error of two secrets, nor the connection of one device under the id of another.
  for (const text of seen) expect(text).toMatch(/^undefined (nas-\d) \1$/)
})

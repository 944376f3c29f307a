import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { loadIdentity } from '../src'
import { createPeer } from '../src/peer'
import type { Scene } from './pages/prove-key'
import { freshId } from './support/joined'
import { type Browser, openPage } from './support/pages'

const entry = new URL('./pages/prove-key.ts', import.meta.url)
/** A page in a browser and a device, which know each other by their keys. */
export const identityInPage = (browser: Browser): void => {
  test('a page and a device prove their keys to each other; both keep them through a reload and a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nanopeer-identity-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const server = { ...inject('signallingServer'), secure: false }
    const id = freshId('device')
    const start = async () => {
      const identity = await loadIdentity(join(folder, 'identity.json'))
      const peer = createPeer(id, { server, identity, iceServers: [], accept: 'anyone', onError: () => {} })
      peer.handle('who', (_input, { remote }) => ({ key: remote.key, authenticated: remote.authenticated }))
      onTestFinished(() => peer.destroy())
      await peer.open()
      return { peer, identity }
    }
    const { peer, identity } = await start()
    const { key: otherKey } = await loadIdentity(join(folder, 'other.json'))
    const scene: Scene = { id: freshId('page'), server, device: id, key: identity.key, otherKey }
    const page = await openPage(browser, entry, scene)
    const said = async (visit: string) => {
      const find = () => page.said.find((words) => words.visit === visit)
      await expect.poll(find, { message: `the ${visit} visit`, timeout: 50_000 }).toBeDefined()
      return find() as Record<string, unknown>
    }
    const first = await said('first')
    expect(first).toMatchObject({
      kept: true,
      created: true,
      wrong: { code: 'KEY_CHANGED', expected: otherKey, shown: identity.key },
      remote: { key: first.key, authenticated: false },
    })
    await peer.destroy()
    const again = await start()
    expect(again.identity).toMatchObject({ key: identity.key, created: false })
    expect(await said('second')).toMatchObject({ key: first.key, created: false, remote: { key: first.key } })
  })
}

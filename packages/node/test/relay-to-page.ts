import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSecret } from '@nanopeer/core'
import { expect, onTestFinished, test } from 'vitest'
import type { PeerOptions } from '../../core/src/base/types'
import { loadIdentity } from '../src/identity'
import { createPeer } from '../src/peer'
import type { Scenario } from './pages/ask-or-answer'
import { freshId } from './support/joined'
import { type Browser, openPage, type Page } from './support/pages'
import { type Forgery, forgeries, type Relay, startRelay } from './support/relay'

export const entry = new URL('./pages/ask-or-answer.ts', import.meta.url)

export const create = (name: string, options: PeerOptions) => {
  const peer = createPeer(freshId(name), { iceServers: [], accept: 'anyone', onError: () => {}, ...options })
  onTestFinished(() => peer.destroy())
  return peer
}

/** What the page said of one of its scenarios, once it has said `what`, or failed. */
export const said = async (page: Page, scenario: number, what: string): Promise<Record<string, unknown>> => {
  const words = () => page.said.filter((it) => it.scenario === scenario)
  const find = () => words().find((it) => what in it) ?? words().find((it) => 'error' in it)
  await expect.poll(find, { message: `the page to say ${what}`, timeout: 40_000 }).toBeDefined()
  return find() as Record<string, unknown>
}

const heard = ({ seen }: Relay) =>
  seen.some((bytes) => /please|contents/.test(new TextDecoder('latin1').decode(bytes)))

/** With two fingerprints there may be no channel at all, however often they dial. */
const patienceWith = (forgery: Forgery = 'none') => (forgery === 'none' ? 30_000 : 6000)

/** By what the two know each other, which the relay does not have. */
interface Trust {
  readonly name: string
  readonly isKey: boolean
  /** New ones, of the Node end and of the page. */
  terms(): Promise<{ readonly device: PeerOptions; readonly page: Partial<Scenario> }>
}

const trusts: readonly Trust[] = [
  {
    name: 'a secret',
    isKey: false,
    async terms() {
      const secret = generateSecret()
      return { device: { secret }, page: { secret } }
    },
  },
  {
    name: 'a pinned key',
    isKey: true,
    async terms() {
      const folder = await mkdtemp(join(tmpdir(), 'relay-'))
      onTestFinished(() => rm(folder, { recursive: true }))
      const identity = await loadIdentity(join(folder, 'identity'))
      return { device: { identity }, page: { hasKey: true, pinned: identity.key } }
    },
  },
]

/** A signalling server that ends DTLS between Node and a page in a browser. */
export const relayToPage = (browser: Browser): void => {
  test('reads along where there is no secret', async () => {
    const relay = await startRelay()
    const { server } = relay
    const device = create('device', { server })
    device.handle('read', () => 'the contents of a file')
    await device.open()
    const page = await openPage(browser, entry, [
      { id: freshId('page'), server, ask: device.id, patience: 30_000 },
    ])
    expect(await said(page, 0, 'answer')).toMatchObject({ answer: 'the contents of a file' })
    expect(heard(relay)).toBe(true)
  })

  test.each(trusts)(
    'learns nothing where a page with $name asks, whatever fingerprints it shows',
    async (trust) => {
      let runs = 0
      const relays: Relay[] = []
      const scenarios: Scenario[] = []
      for (const forgery of forgeries) {
        const relay = await startRelay(forgery)
        const { device: ofDevice, page: ofPage } = await trust.terms()
        const device = create('device', { server: relay.server, ...ofDevice })
        device.handle('read', () => {
          runs++
          return 'the contents of a file'
        })
        await device.open()
        relays.push(relay)
        const patience = patienceWith(forgery)
        scenarios.push({ id: freshId('page'), server: relay.server, ...ofPage, ask: device.id, patience })
      }
      const page = await openPage(browser, entry, scenarios)
      for (const [index, forgery] of forgeries.entries()) {
        const { error } = await said(page, index, 'answer')
        expect(error, forgery).toMatchObject({ name: 'NanopeerError' })
        if (forgery === 'none') expect(error).toMatchObject({ code: 'REFUSED' })
      }
      expect(runs).toBe(0)
      expect(relays.some(heard)).toBe(false)
      expect(relays[0]?.connected).toBeGreaterThan(0)
    },
  )

  test.each(trusts)(
    'learns nothing where a page with $name is asked, whatever fingerprints it shows',
    async (trust) => {
      const relays = await Promise.all(forgeries.map((forgery) => startRelay(forgery)))
      const terms = await trust.terms()
      const scenarios = relays.map(
        ({ server }): Scenario => ({
          id: freshId('page'),
          server,
          ...terms.page,
          pinned: undefined,
          patience: 0,
        }),
      )
      const page = await openPage(browser, entry, scenarios)
      const answers = relays.map(async ({ server }, index) => {
        const { open, key } = await said(page, index, 'open')
        expect(open).toBe(true)
        const laptop = create('laptop', { server, ...terms.device })
        const pinned = trust.isKey ? (key as string) : undefined
        const connection = laptop.connect(scenarios[index]?.id as string, { timeout: 4000, key: pinned })
        return connection.request('read', 'please', { timeout: patienceWith(forgeries[index]) })
      })
      for (const answer of await Promise.allSettled(answers)) {
        expect(answer).toMatchObject({ status: 'rejected', reason: { name: 'NanopeerError' } })
      }
      expect(page.said.filter((words) => 'ran' in words)).toEqual([])
      expect(relays.some(heard)).toBe(false)
      expect(relays[0]?.connected).toBeGreaterThan(0)
    },
  )
}

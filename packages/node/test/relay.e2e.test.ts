import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSecret } from '@nanopeer/core'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import type { PeerOptions } from '../../core/src/base/types'
import { loadIdentity } from '../src/identity'
import { createPeer } from '../src/peer'
import type { Scenario } from './pages/ask-or-answer'
import { freshId } from './support/joined'
import { type Browser, chromium, firefox, openPage, type Page } from './support/pages'
import { type Forgery, forgeries, type Relay, startRelay } from './support/relay'

const entry = new URL('./pages/ask-or-answer.ts', import.meta.url)

const create = (name: string, options: PeerOptions) => {
  const peer = createPeer(freshId(name), { iceServers: [], accept: 'anyone', onError: () => {}, ...options })
  onTestFinished(() => peer.destroy())
  return peer
}

/** What the page said of one of its scenarios, once it has said `what`, or failed. */
const said = async (page: Page, scenario: number, what: string): Promise<Record<string, unknown>> => {
  const words = () => page.said.filter((it) => it.scenario === scenario)
  const find = () => words().find((it) => what in it) ?? words().find((it) => 'error' in it)
  await expect.poll(find, { message: `the page to say ${what}`, timeout: 40_000 }).toBeDefined()
  return find() as Record<string, unknown>
}

const heard = ({ seen }: Relay) =>
  seen.some((bytes) => /please|contents/.test(new TextDecoder('latin1').decode(bytes)))

/** With two fingerprints there may be no channel at all, however often they dial. */
const patienceWith = (forgery: Forgery = 'none') => (forgery === 'none' ? 30_000 : 6000)

const browsers = firefox ? [chromium, firefox] : [chromium]
if (!firefox)
  console.warn('No Firefox here (FIREFOX_PATH would name one): its tests with a relay are skipped.')

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

/** All browsers at once: most of the time goes by waiting for deadlines. */
const inAll = async (run: (browser: Browser) => Promise<void>) => {
  const outcomes = await Promise.allSettled(browsers.map(run))
  for (const [index, outcome] of outcomes.entries()) {
    if (outcome.status === 'rejected') throw new Error(browsers[index]?.name, { cause: outcome.reason })
  }
}

const scenario = (name: string, run: (browser: Browser) => Promise<void>) => test(name, () => inAll(run))

scenario.each =
  <Item>(items: readonly Item[]) =>
  (name: string, run: (browser: Browser, item: Item) => Promise<void>) =>
    test.each([...items])(name, (item) => inAll((browser) => run(browser, item)))

describe('a signalling server that ends DTLS between Node and a browser', () => {
  scenario('reads along where there is no secret', async (browser) => {
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

  scenario.each(trusts)(
    'learns nothing where a page with $name asks, whatever fingerprints it shows',
    async (browser, trust) => {
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

  scenario.each(trusts)(
    'learns nothing where a page with $name is asked, whatever fingerprints it shows',
    async (browser, trust) => {
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
})

test('on an insecure origin a secret is UNSUPPORTED, and without one a page works', async () => {
  const server = { ...inject('signallingServer'), secure: false }
  const device = create('device', { server })
  device.handle('read', () => 'served')
  await device.open()
  const scenario = { id: freshId('page'), server, ask: device.id, patience: 30_000 }
  const withSecret = { ...scenario, id: freshId('page'), secret: generateSecret() }
  const page = await openPage(chromium, entry, [scenario, withSecret], 'nas.lan')
  expect(await said(page, 0, 'answer')).toMatchObject({ answer: 'served' })
  expect(await said(page, 1, 'answer')).toMatchObject({
    error: { name: 'NanopeerError', code: 'UNSUPPORTED' },
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pairing, PeerOptions } from '@nanopeer/core'
import { expect, inject, onTestFinished, test } from 'vitest'
import { loadIdentity } from '../src/identity'
import { createPeer } from '../src/peer'
import type { PairingScenario } from './pages/pair'
import { freshId } from './support/joined'
import { type Browser, chromium, openPage, type Page } from './support/pages'
import { type Forgery, forgeries, startRelay } from './support/relay'

const entry = new URL('./pages/pair.ts', import.meta.url)
const signalling = { ...inject('signallingServer'), secure: false }

const createDevice = async (options: PeerOptions = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'nanopeer-pairing-'))
  const identity = await loadIdentity(join(folder, 'identity.json'))
  const peer = createPeer(freshId('device'), {
    server: signalling,
    iceServers: [],
    onError: () => {},
    identity,
    ...options,
  })
  onTestFinished(async () => {
    await peer.destroy()
    await rm(folder, { recursive: true, force: true })
  })
  return { peer, key: identity.key }
}

const shownBy = async ({ $state }: Pairing): Promise<string> => {
  await expect.poll(() => $state.get().code, { timeout: 20_000 }).not.toBeNull()
  return $state.get().code as string
}

/** What a page said of one of its scenarios, once it has said `what`, or failed. */
const said = async (page: Page, what: string, scenario = 0): Promise<Record<string, unknown>> => {
  const words = () => page.said.filter((it) => it.scenario === scenario)
  const find = () => words().find((it) => what in it) ?? words().find((it) => 'error' in it)
  await expect.poll(find, { message: `the page to say ${what}`, timeout: 40_000 }).toBeDefined()
  return find() as Record<string, unknown>
}

/** Pages in a browser that pair, with devices and with pages in Chromium. */
export const pairingInPage = (browser: Browser): void => {
  const open = (scenarios: readonly PairingScenario[]) => openPage(browser, entry, scenarios)

  test('takes the code of a Node device', async () => {
    const device = await createDevice()
    const hosting = device.peer.pair()
    const id = freshId('page')
    const page = await open([{ id, server: signalling, code: await shownBy(hosting) }])
    expect(await said(page, 'paired')).toMatchObject({ paired: { id: device.peer.id, key: device.key } })
    const { key } = await said(page, 'key')
    expect(await hosting.done).toEqual({ id, key })
  })

  test('shows a QR text to a Node device', async () => {
    const id = freshId('page')
    const page = await open([{ id, server: signalling }])
    const { qr } = await said(page, 'qr')
    const device = await createDevice()
    const { key } = await said(page, 'key')
    expect(await device.peer.join(qr as string).done).toEqual({ id, key })
    expect(await said(page, 'paired')).toMatchObject({ paired: { id: device.peer.id, key: device.key } })
  })

  test('takes the code of a page in another browser', async () => {
    const showing = await openPage(chromium, entry, [{ id: freshId('page'), server: signalling }])
    const { code } = await said(showing, 'code')
    const taking = await open([{ id: freshId('page'), server: signalling, code: code as string }])
    const [shown, taken] = await Promise.all([said(showing, 'paired'), said(taking, 'paired')])
    expect(shown).toMatchObject({ paired: { key: (await said(taking, 'key')).key } })
    expect(taken).toMatchObject({ paired: { key: (await said(showing, 'key')).key } })
  })

  /** Several at once: with two fingerprints there may be no channel at all, and most of the time goes by waiting. */
  const pairThrough = async (tried: readonly Forgery[]) => {
    const devices = await Promise.all(
      tried.map(async (forgery) => {
        const relay = await startRelay(forgery)
        const device = await createDevice({ server: relay.server })
        const hosting = device.peer.pair()
        return { relay, device, hosting, code: await shownBy(hosting) }
      }),
    )
    const scenarios = devices.map(({ relay, code }) => ({ id: freshId('page'), server: relay.server, code }))
    const page = await open(scenarios)
    const errors: unknown[] = []
    for (const [index, { relay, device, hosting }] of devices.entries()) {
      const { error } = await said(page, 'paired', index)
      expect(error, tried[index]).toMatchObject({ name: 'NanopeerError' })
      errors.push(error)
      expect(hosting.$state.get().status).toBe('waiting')
      const seen = relay.seen.map((bytes) => new TextDecoder('latin1').decode(bytes)).join()
      const { key } = await said(page, 'key', index)
      for (const secret of [device.peer.id, device.key, key, scenarios[index]?.id])
        expect(seen).not.toContain(secret)
    }
    return { devices, errors }
  }

  test('pairs with nobody through a signalling server that ends DTLS, which learns no id and no key', async () => {
    const { devices, errors } = await pairThrough(['none'])
    expect(errors).toMatchObject([{ code: 'REFUSED' }])
    expect(devices[0]?.relay.connected).toBeGreaterThan(0)
    expect(devices[0]?.hosting.$state.get().guessesLeft).toBe(2)
  })

  test('pairs with nobody through one that shows two fingerprints, either', async () => {
    await pairThrough(forgeries.filter((forgery) => forgery !== 'none'))
  })
}

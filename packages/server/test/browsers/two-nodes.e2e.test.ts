import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { executables, servePage, startBrowser } from '../../../core/test/support/browsers'
import type { ClientKind } from '../pages/client'
import { startFront } from '../support/front'
import { metric } from '../support/metrics'
import { startNodeProcess } from '../support/node-process'
import { patience } from '../support/patience'
import { redisPath, startRedis } from '../support/redis-server'

type Browser = Awaited<ReturnType<typeof startBrowser>>
type Pages = Awaited<ReturnType<typeof servePage>>
type Page = Awaited<ReturnType<Pages['open']>>

const kinds: readonly ClientKind[] = ['nanopeer', 'PeerJS']
const pairs = kinds.flatMap((asker) => kinds.map((device) => [asker, device] as const))

if (!redisPath)
  console.warn('No Redis here, and none could be installed: the tests of browsers at two nodes are skipped.')

describe.skipIf(!redisPath || !executables.Chromium)('browsers at two nodes with a Redis', () => {
  let browser: Browser
  let pages: Pages

  beforeAll(async () => {
    pages = await servePage(new URL('../pages/client.ts', import.meta.url))
    browser = await startBrowser('Chromium')
  })
  afterAll(async () => {
    await browser?.close()
    pages?.stop()
  })

  /** Two nodes, each behind an address of its own that leads to the other one where it is gone. */
  const startNodes = async () => {
    const redis = await startRedis()
    const start = () => startNodeProcess('--redis', redis.url)
    const [one, two] = await Promise.all([start(), start()])
    await Promise.all([one.ready(), two.ready()])
    const atOne = await startFront([one.port, two.port])
    const atTwo = await startFront([two.port, one.port])
    return { one, two, atOne, atTwo }
  }

  /** A page that is registered as `id`. */
  const join = async (kind: ClientKind, id: string, port: number): Promise<Page> => {
    const page = await pages.open(browser)
    onTestFinished(() => page.close())
    const server = { host: '127.0.0.1', port, path: '/', secure: false }
    await page.evaluate((...given) => signalling.join(...given), kind, id, server)
    await expect.poll(() => page.evaluate(() => signalling.isOpen()), patience).toBe(true)
    return page
  }

  const say = (page: Page, kind: ClientKind) =>
    page.evaluate((kind) => signalling.say(kind, 'device', 'hello'), kind)

  const heard = (page: Page) => expect.poll(() => page.evaluate(() => signalling.heard), patience)

  const offered = (page: Page) =>
    expect.poll(() => page.evaluate(() => signalling.offers), patience).toEqual(['device'])

  it.each(pairs)('%s at one dials %s at the other', async (askerKind, deviceKind) => {
    const { one, two, atOne, atTwo } = await startNodes()
    const device = await join(deviceKind, 'device', atTwo)
    const asker = await join(askerKind, 'asker', atOne)
    expect(await Promise.all([one, two].map((node) => metric(node, 'nanopeer_clients')))).toEqual([1, 1])
    await say(asker, deviceKind)
    await heard(device).toEqual(['hello'])
    await heard(asker).toEqual(['echo of hello'])
  })

  it.each(kinds)('%s is reached although its node is killed in mid-dial', async (deviceKind) => {
    const { one, two, atOne, atTwo } = await startNodes()
    const device = await join(deviceKind, 'device', atTwo)
    const asker = await join('nanopeer', 'asker', atOne)
    // What it is sent from now on goes with it.
    two.child.kill('SIGSTOP')
    await say(asker, deviceKind)
    await offered(asker)
    await expect.poll(() => metric(one, 'nanopeer_messages_forwarded_total'), patience).toBeGreaterThan(0)
    two.child.kill('SIGKILL')
    await heard(device).toEqual(['hello'])
    await heard(asker).toEqual(['echo of hello'])
    expect(await metric(one, 'nanopeer_clients')).toBe(2)
  })

  it('reach a device although the node of the one that dials is killed in mid-dial', async () => {
    const { one, two, atOne, atTwo } = await startNodes()
    const device = await join('nanopeer', 'device', atOne)
    const asker = await join('nanopeer', 'asker', atTwo)
    two.child.kill('SIGSTOP')
    await say(asker, 'nanopeer')
    await offered(asker)
    two.child.kill('SIGKILL')
    await heard(device).toEqual(['hello'])
    await heard(asker).toEqual(['echo of hello'])
    expect(await metric(one, 'nanopeer_clients')).toBe(2)
  })
})

import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { generateSecret } from '../../src/index'
import type {} from '../pages/end'
import { servePage, startBrowser } from '../support/browsers'
import { oldBrowserScript } from '../support/newer-apis'

const server = { ...inject('signallingServer'), secure: false }

/** 1 MiB: several windows. */
const chunks = 16

describe('in the oldest browsers that are named, by what those lack', () => {
  let browser: Browser
  let pages: Awaited<ReturnType<typeof servePage>>
  let asker: Page
  let device: Page

  beforeAll(async () => {
    pages = await servePage(new URL('../pages/end.ts', import.meta.url), oldBrowserScript)
    browser = await startBrowser('Chromium')
    asker = await pages.open(browser)
    device = await pages.open(browser)
    const secret = generateSecret()
    await Promise.all(
      [asker, device].map((page, index) =>
        page.evaluate((...given) => nanopeerEnd.join(...given), `old-${index}`, server, secret),
      ),
    )
    await asker.evaluate(() => nanopeerEnd.connect('old-1'))
  })

  afterAll(async () => {
    await browser?.close()
    pages?.stop()
  })

  test('nothing newer is left', async () => {
    expect(await asker.evaluate(() => leftOver)).toEqual([])
    expect(await device.evaluate(() => leftOver)).toEqual([])
  })

  test('a request is answered, with values as they were', async () => {
    expect(await asker.evaluate(() => nanopeerEnd.ask({ hello: [1, 'two', null] }))).toEqual({
      hello: [1, 'two', null],
    })
    expect(await asker.evaluate(() => nanopeerEnd.askWhatJsonCannotSay())).toEqual([
      true,
      true,
      true,
      '0.5,-1',
    ])
  })

  test('a download and an upload arrive whole, across a cut', async () => {
    const half = chunks * 32 * 1024
    const download = await asker.evaluate((...given) => nanopeerEnd.download(...given), chunks, half)
    const upload = await asker.evaluate((...given) => nanopeerEnd.upload(...given), chunks, half)
    expect(download.loaded).toBeGreaterThan(half)
    expect(upload).toEqual(download)
  })

  test('a series ends where nobody reads on, and an abort reaches the handler', async () => {
    expect(await asker.evaluate(() => nanopeerEnd.events(50, 3))).toEqual([1, 2, 3])
    const runs = () => device.evaluate(() => nanopeerEnd.runs)
    await expect.poll(runs).toContain('count is over')
    const stuck = asker.evaluate(() => nanopeerEnd.askForEver())
    await expect.poll(runs).toContain('stuck')
    await asker.evaluate(() => nanopeerEnd.abort.abort())
    expect(await stuck).toBe('ABORTED')
    await expect.poll(runs).toContain('stuck is over')
  })
})

import { createHash, randomUUID } from 'node:crypto'
import type { Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { generateSecret } from '../../src/index'
import type {} from '../pages/end'
import { chunkAt, chunkSize } from '../pages/pattern'
import { type BrowserName, inBothBrowsers, isFirefoxMissing } from '../support/browsers'

const server = { ...inject('signallingServer'), secure: false }

/** 8 MiB: many windows. */
const chunks = 128

const whole = () => {
  const hash = createHash('sha256')
  for (let index = 0; index < chunks; index++) hash.update(chunkAt(index))
  return { loaded: chunks * chunkSize, hash: hash.digest('hex') }
}

const directions: [asker: BrowserName, device: BrowserName][] = [
  ['Chromium', 'Firefox'],
  ['Firefox', 'Chromium'],
]

describe.skipIf(isFirefoxMissing())('across browsers', () => {
  const open = inBothBrowsers(new URL('../pages/end.ts', import.meta.url))

  describe.each(directions)('%s asks, %s answers', (askerName, deviceName) => {
    let asker: Page
    let device: Page

    beforeAll(async () => {
      ;[asker, device] = await Promise.all([open(askerName), open(deviceName)])
    })

    afterAll(() => Promise.all([asker?.close(), device?.close()]))

    const join = async (page: Page, id: string, secret?: string) => {
      await page.evaluate((...given) => nanopeerEnd.join(...given), id, server, secret)
      onTestFinished(() => page.evaluate(() => nanopeerEnd.leave()))
    }

    /** Both are there, each under an id of its own, and the one has a connection to the other. */
    const meet = async ({ secret, askersSecret }: { secret?: string; askersSecret?: string } = {}) => {
      const deviceId = `device-${randomUUID()}`
      await Promise.all([join(device, deviceId, secret), join(asker, `asker-${randomUUID()}`, askersSecret)])
      await asker.evaluate((id) => nanopeerEnd.connect(id), deviceId)
    }

    const runs = () => device.evaluate(() => nanopeerEnd.runs)
    const links = () => asker.evaluate(() => nanopeerEnd.links())

    test('requests are answered, with values as they were', async () => {
      await meet()
      expect(await asker.evaluate(() => nanopeerEnd.ask({ path: '/', deep: [1, null, 'ü'] }))).toEqual({
        path: '/',
        deep: [1, null, 'ü'],
      })
      expect(await asker.evaluate(() => nanopeerEnd.askWhatJsonCannotSay())).toEqual([
        true,
        true,
        true,
        '0.5,-1',
      ])
    })

    test('a download arrives byte for byte', async () => {
      await meet()
      expect(await asker.evaluate((count) => nanopeerEnd.download(count), chunks)).toEqual(whole())
    })

    test('an upload arrives byte for byte', async () => {
      await meet()
      expect(await asker.evaluate((count) => nanopeerEnd.upload(count), chunks)).toEqual(whole())
    })

    test('events arrive in order, and end at the device where nobody reads on', async () => {
      await meet()
      const numbers = await asker.evaluate(() => nanopeerEnd.events(2000))
      expect(numbers).toEqual(Array.from({ length: 2000 }, (_, index) => index + 1))
      expect(await asker.evaluate(() => nanopeerEnd.events(1e9, 100))).toHaveLength(100)
      await expect.poll(runs).toEqual(['count is over', 'count is over'])
    })

    test('an abort reaches the handler', async () => {
      await meet()
      const answer = asker.evaluate(() => nanopeerEnd.askForEver())
      await expect.poll(runs).toEqual(['stuck'])
      await asker.evaluate(() => nanopeerEnd.abort.abort())
      expect(await answer).toBe('ABORTED')
      await expect.poll(runs).toEqual(['stuck', 'stuck is over'])
    })

    test('a download goes on where its link was cut', async () => {
      await meet()
      const download = await asker.evaluate((count) => nanopeerEnd.download(count, count / 4), chunks)
      expect(download).toEqual(whole())
      expect(await links()).toBe(2)
    })

    test('an upload goes on where its link was cut', async () => {
      await meet()
      const cutAt = (chunks * chunkSize) / 4
      const upload = await asker.evaluate((...given) => nanopeerEnd.upload(...given), chunks, cutAt)
      expect(upload).toEqual(whole())
      expect(await links()).toBe(2)
    })

    test('a secret lets in who knows it, and nobody else', async () => {
      const secret = generateSecret()
      await meet({ secret, askersSecret: secret })
      expect(await asker.evaluate(() => nanopeerEnd.ask('please'))).toBe('please')
      expect(await runs()).toEqual(['echo'])
    })

    test('another secret, or none, is REFUSED', async () => {
      for (const askersSecret of [generateSecret(), undefined]) {
        await meet({ secret: generateSecret(), askersSecret })
        expect(await asker.evaluate(() => nanopeerEnd.ask('please'))).toBe('REFUSED')
        expect(await runs()).toEqual([])
      }
    })
  })
})

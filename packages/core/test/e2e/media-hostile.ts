import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import type { forgeries } from '../hostile/forgeries'
import type {} from '../pages/camera'
import { type BrowserName, servePage, startBrowser } from '../support/browsers'

const server = { ...inject('signallingServer'), secure: false }

/** What the unit tests try on a link in memory, where browsers write and read descriptions. */
const names: readonly (keyof typeof forgeries)[] = [
  'the fingerprint of another certificate',
  'the fingerprint of another certificate in one section',
  'other ICE credentials',
  'more sections than were asked for',
  'a data section of its own',
  'no data section',
  'a section of its own transport',
]

/** What a browser refuses that is told lies in negotiations of audio and video, by another one. */
export const hostileNegotiation = (victimName: BrowserName, malloryName: BrowserName): void => {
  describe(`${victimName}, and a hostile ${malloryName}`, () => {
    const browsers: Browser[] = []
    let pages: Awaited<ReturnType<typeof servePage>>
    let [victim, mallory]: Page[] = []

    beforeAll(async () => {
      pages = await servePage(new URL('../pages/camera.ts', import.meta.url))
      const start = async (name: BrowserName) => {
        const browser = await startBrowser(name)
        browsers.push(browser)
        return pages.open(browser)
      }
      victim = await start(victimName)
      mallory = await start(malloryName)
    })

    afterAll(async () => {
      await Promise.all(browsers.map((browser) => browser.close()))
      pages?.stop()
    })

    /** Two that know each other, one of which lies from now on. */
    const meet = async (name: keyof typeof forgeries) => {
      const ends = { victim: victim as Page, mallory: mallory as Page }
      const ids = { victim: randomUUID(), mallory: randomUUID() }
      for (const who of ['victim', 'mallory'] as const) {
        await ends[who].evaluate((...given) => nanopeerCamera.join(...given), ids[who], server, 1)
        onTestFinished(() => ends[who].evaluate(() => nanopeerCamera.leave()))
      }
      await ends.victim.evaluate((id) => nanopeerCamera.connect(id), ids.mallory)
      await ends.mallory.evaluate((id) => nanopeerCamera.connect(id), ids.victim)
      await ends.mallory.evaluate((given) => nanopeerCamera.lie(given), name)
      return ends
    }

    test.for(names)('%s, as an offer, ends the session with PROTOCOL', async (name) => {
      const ends = await meet(name)
      expect(await ends.victim.evaluate(() => nanopeerCamera.ask())).toBe('PROTOCOL')
      expect(await ends.victim.evaluate(() => nanopeerCamera.standing())).toEqual(['closed', 'PROTOCOL'])
    })

    test.for(names)('%s, as an answer, ends the session with PROTOCOL', async (name) => {
      const ends = await meet(name)
      await ends.mallory.evaluate(() => nanopeerCamera.ask())
      await expect
        .poll(() => ends.victim.evaluate(() => nanopeerCamera.standing()))
        .toEqual(['closed', 'PROTOCOL'])
    })
  })
}

import { randomUUID } from 'node:crypto'
import { describe, expect, inject, onTestFinished, test } from 'vitest'
import type {} from '../pages/camera'
import { type BrowserName, inBothBrowsers, isFirefoxMissing } from '../support/browsers'

const server = { ...inject('signallingServer'), secure: false }

const pairs: [asker: BrowserName, device: BrowserName][] = [
  ['Chromium', 'Firefox'],
  ['Firefox', 'Chromium'],
  ['Firefox', 'Firefox'],
]

describe.skipIf(isFirefoxMissing())('audio and video across browsers', () => {
  const open = inBothBrowsers(new URL('../pages/camera.ts', import.meta.url))

  describe.each(pairs)('%s watches %s', (askerName, deviceName) => {
    /** Two pages that have joined: the device's camera is number 5, the asker's number 2. */
    const meet = async () => {
      const join = async (name: BrowserName, number: number) => {
        const page = await open(name)
        const id = `${name}-${randomUUID()}`
        await page.evaluate((...given) => nanopeerCamera.join(...given), id, server, number)
        onTestFinished(async () => {
          await page.evaluate(() => nanopeerCamera.leave())
          await page.close()
        })
        return { page, id }
      }
      const [asker, device] = [await join(askerName, 2), await join(deviceName, 5)]
      // Whichever is in front draws: a hidden page may rest.
      await device.page.bringToFront()
      const watch = (end: typeof asker, other: typeof asker) =>
        end.page.evaluate((id) => nanopeerCamera.watch(id), other.id)
      const shows = (end: typeof asker, number: number) =>
        end.page.evaluate((camera) => nanopeerCamera.shows(camera), number)
      return { asker, device, watch, shows }
    }

    test('frames arrive, are the right ones, and go on after a cut and a switch of cameras', async () => {
      const { asker, device, watch, shows } = await meet()
      await watch(asker, device)
      await shows(asker, 5)
      await device.page.evaluate(() => nanopeerCamera.cut())
      await expect.poll(() => asker.page.evaluate(() => nanopeerCamera.links()), { timeout: 30_000 }).toBe(2)
      await shows(asker, 5)
      await device.page.evaluate(() => nanopeerCamera.switchTo(6))
      await shows(asker, 6)
    })

    test('one watches the other, and then is watched', async () => {
      const { asker, device, watch, shows } = await meet()
      await watch(asker, device)
      await shows(asker, 5)
      await watch(device, asker)
      await Promise.all([shows(asker, 5), shows(device, 2)])
    })

    test('both watch each other at once, and each stops by itself', async () => {
      const { asker, device, watch, shows } = await meet()
      await Promise.all([watch(asker, device), watch(device, asker)])
      await Promise.all([shows(asker, 5), shows(device, 2)])
      expect(await asker.page.evaluate(() => nanopeerCamera.stop())).toBe(0)
      await expect
        .poll(() => device.page.evaluate(() => nanopeerCamera.directions()))
        .toEqual(expect.arrayContaining(['inactive', 'recvonly']))
      await shows(device, 2)
    })

    test('limits and hints reach the sender, figures come of what runs, and an abort stops it within a round trip', async () => {
      const { asker, device, shows } = await meet()
      await asker.page.evaluate((id) => nanopeerCamera.watch(id, 'limited'), device.id)
      const sent = () => device.page.evaluate(() => nanopeerCamera.sent())
      await expect.poll(sent).toEqual(
        expect.arrayContaining([
          {
            kind: 'video',
            // Firefox has no hints.
            contentHint: deviceName === 'Firefox' ? undefined : 'detail',
            maxBitrate: 123_000,
            degradationPreference: 'maintain-resolution',
          },
        ]),
      )
      await shows(asker, 5)
      const figures = () => asker.page.evaluate(() => nanopeerCamera.figures())
      await expect
        .poll(figures, { timeout: 20_000 })
        .toMatchObject({ received: { width: 320, height: 80, packetsLost: 0 }, sent: null })
      expect((await figures())?.received?.bitrate).toBeGreaterThan(1000)
      await asker.page.evaluate(() => {
        nanopeerCamera.stop()
        return nanopeerCamera.roundTrip()
      })
      // Taken out by then, or about to be: the browser does that in an order of its own.
      await expect.poll(async () => (await sent()).map(({ kind }) => kind)).toEqual([undefined, undefined])
    })
  })
})

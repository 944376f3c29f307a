import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { eventually, frameworks, type Reading, read, startReading } from './reader'

startReading(fileURLToPath(new URL('..', import.meta.url)))

/** Moves a slider as a hand does: to a place, whatever was on the way. */
const slide = (reading: Reading, id: string, to: number) =>
  reading.app(id).getByRole('slider').fill(String(to))

const barOf = ({ app }: Reading) => ({
  value: () =>
    app()
      .locator('progress')
      .evaluate((bar: HTMLProgressElement) => bar.value),
  isFull: () =>
    app()
      .locator('progress')
      .evaluate((bar: HTMLProgressElement) => bar.value === bar.max),
})

describe.each(frameworks)('in %s', (framework) => {
  test('the first page: a download waits while the cable is out, and is whole in the end', async () => {
    const reading = await read('index.html', framework)
    const bar = barOf(reading)
    await eventually(reading.text).toContain('open')
    await reading.click('Download')
    await eventually(bar.value).toBeGreaterThan(100_000)
    await reading.pull()
    await eventually(reading.text).toContain('reconnecting')
    await reading.plug()
    await eventually(reading.text).toContain('open')
    await eventually(bar.isFull).toBe(true)
    await eventually(reading.text).toContain('Download')
  })

  test('security: who knows the secret reads the diary, the stranger is refused', async () => {
    const reading = await read('security.html', framework)
    await eventually(() => reading.text('laptop')).toBe('Dear diary …')
    await eventually(() => reading.app('stranger').getByRole('alert').count()).toBe(1)
  })

  test('usePeer: both peers are open', async () => {
    const reading = await read('hooks/use-peer.html', framework)
    await eventually(() => reading.text('laptop')).toBe('laptop: open')
    await eventually(() => reading.text('phone')).toBe('phone: open')
  })

  test('useConnection: the path breaks with the cable and comes back with it', async () => {
    const reading = await read('hooks/use-connection.html', framework)
    await eventually(reading.text).toBe('open')
    await reading.pull()
    await eventually(reading.text).toContain('reconnecting')
    await reading.plug()
    await eventually(reading.text).toBe('open')
  })

  test('useConnections: one of two is online, and the other says why it is not', async () => {
    const reading = await read('hooks/use-connections.html', framework)
    await eventually(reading.text).toMatch(/^1 of 2 online ?nas: open ?tv: closed \(PEER_UNAVAILABLE\)$/)
    await reading.pull()
    await eventually(reading.text).toContain('0 of 2 online')
  })

  test('useStats: a cable that was out has cost a link', async () => {
    const reading = await read('hooks/use-stats.html', framework)
    await eventually(reading.text).toMatch(/^open direct \d+ ms.*links: 1$/)
    await reading.pull()
    await eventually(reading.text).toContain('reconnecting')
    await reading.plug()
    await eventually(reading.text).toMatch(/links: 2$/)
  })

  test('useRequest: a folder is loading, and waits where the device is away', async () => {
    const reading = await read('hooks/use-request.html', framework)
    await eventually(reading.text).toContain('film.mp4')
    await reading.see('Loading …', () => reading.click('Other folder'))
    await eventually(reading.text).toContain('prelude.flac')
    await reading.pull()
    await reading.click('Other folder')
    await eventually(reading.text).toContain('Waiting for the device …')
    await reading.plug()
    await eventually(reading.text).toContain('film.mp4')
  })

  test('useAction: a job is done, and one that is refused says why', async () => {
    const reading = await read('hooks/use-action.html', framework)
    await reading.see('Printing 3 pages …', () => reading.click('Print 3 pages'))
    await eventually(reading.text).toContain('Job 1 is done.')
    await reading.click('Print 30 pages')
    await eventually(reading.text).toContain('There is paper for 20 pages.')
  })

  test('useSubscription: no value is lost with the cable out', async () => {
    const reading = await read('hooks/use-subscription.html', framework)
    await eventually(reading.text).toMatch(/active.*\b2\b/)
    const values = async () => ((await reading.text()).match(/\d+/g) ?? []).map(Number)
    const latest = async () => (await values()).at(-1) ?? 0
    const before = await latest()
    await reading.pull()
    await reading.plug()
    await eventually(latest).toBeGreaterThan(before + 2)
    // The last ten, one after the other.
    const shown = await values()
    expect(shown).toEqual(shown.map((_, index) => (shown[0] ?? 0) + index))
  })

  test('useRequests: transfers are listed, wait with the cable out, and can be cancelled', async () => {
    const reading = await read('hooks/use-requests.html', framework)
    await reading.meet('laptop')
    // First, or what is small would be here before the cable is out.
    await reading.pull()
    await reading.click('Download one more')
    await reading.click('Download one more')
    await eventually(reading.text).toContain('2 under way')
    await reading.app().getByRole('button', { name: 'Cancel' }).first().click()
    await eventually(reading.text).toContain('1 under way')
    await reading.plug()
    await eventually(reading.text).toContain('0 under way')
  })

  test('useMedia: a picture is there, and stands while the cable is out', async () => {
    const reading = await read('hooks/use-media.html', framework)
    const video = reading.app().locator('video')
    await eventually(() => video.evaluate((element: HTMLVideoElement) => element.videoWidth)).toBeGreaterThan(
      0,
    )
    await reading.pull()
    await eventually(reading.text).toContain('The picture stands.')
    await reading.plug()
    await eventually(reading.text).toContain('active')
  })

  test('useMessages: what one page says, both hear', async () => {
    const reading = await read('hooks/use-messages.html', framework)
    // The device passes on what is said to those who are there then.
    await reading.meet('laptop', 'phone')
    const box = reading.app('phone').getByRole('textbox')
    await box.fill('hello')
    await box.press('Enter')
    await eventually(() => reading.text('laptop')).toContain('phone: hello')
    await eventually(() => reading.text('phone')).toContain('phone: hello')
  })

  test('useRemoteStore: two pages set one store, one of them away for a while, and the device has the last word', async () => {
    const reading = await read('hooks/use-remote-store.html', framework)
    await eventually(() => reading.text('phone')).toContain('21 °C')
    await slide(reading, 'laptop', 23)
    await eventually(() => reading.text('phone')).toContain('23 °C')
    await slide(reading, 'laptop', 30)
    await eventually(() => reading.app('laptop').getByRole('alert').count()).toBe(1)
    await eventually(() => reading.text('laptop')).toContain('23 °C')
    await reading.pull('phone')
    await eventually(() => reading.text('phone')).toContain('The device is away')
    await slide(reading, 'laptop', 18)
    await eventually(() => reading.text('laptop')).toContain('18 °C')
    await reading.plug('phone')
    await eventually(() => reading.text('phone')).toContain('18 °C')
  })

  test('useShare: the device turns up what the page shares', async () => {
    const reading = await read('hooks/use-share.html', framework)
    await eventually(reading.text).toContain('Volume 3')
    await reading.click('Let the device turn it up')
    await eventually(reading.text).toContain('Volume 4')
    await reading.click('Quieter')
    await eventually(reading.text).toContain('Volume 3')
  })

  test('useHandler: the device is told what stands in the box now', async () => {
    const reading = await read('hooks/use-handler.html', framework)
    await reading.app().getByRole('textbox').fill('Winter')
    await reading.click('Let the device ask')
    await eventually(reading.text).toContain('The device was told “Winter”.')
  })

  test('useStore: a store of a connection is shown as it changes', async () => {
    const reading = await read('hooks/use-store.html', framework)
    await eventually(() => reading.text('laptop')).toBe('open, on link 1')
    await reading.pull('laptop')
    await eventually(() => reading.text('laptop')).toContain('reconnecting')
    await eventually(() => reading.text('phone')).toBe('open, on link 1')
  })
})

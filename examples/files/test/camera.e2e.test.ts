import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { start } from '../stack/start.mjs'
import { patience, visit, visitPlugged } from './browser'

let folder: string
let demo: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  process.env.DEVICE_QUIET = '1'
  folder = await mkdtemp(join(tmpdir(), 'nanopeer-camera-'))
  demo = await start({ folder, pagesPort: 0, signallingPort: 0 })
})

afterAll(async () => {
  await demo?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Waits for something that a page will show; a lost link is noticed after some seconds. */
const eventually = (check: () => void | Promise<void>, timeout = patience) =>
  vi.waitFor(check, { timeout, interval: 50 })

const stateOf = (page: Page) => page.getByRole('status', { name: 'Camera' })

/** Pictures that the video has shown so far. */
const pictures = (page: Page) =>
  page
    .locator('video')
    .evaluate((video) => (video as HTMLVideoElement).getVideoPlaybackQuality().totalVideoFrames)

const expectMoving = async (page: Page) => {
  const before = await pictures(page)
  await eventually(async () => expect(await pictures(page)).toBeGreaterThan(before + 5))
}

const expectState = (page: Page, state: string, timeout?: number) =>
  eventually(async () => expect(await stateOf(page).textContent()).toBe(state), timeout)

const watch = async (page: Page) => {
  await page.getByRole('button', { name: 'Watch' }).click()
  await expectState(page, 'live')
  await expectMoving(page)
}

describe('a page that offers its camera', () => {
  test('is watched by all three, and closes the camera when nobody watches', async () => {
    const camera = await visit(await demo.invite('camera/'))
    onTestFinished(() => camera.page.close())
    await camera.page.getByRole('status', { name: 'Peer' }).getByText('open').waitFor()
    const viewers = camera.page.getByRole('status', { name: 'Viewers' })
    const watching: { page: Page; complaints: readonly string[] }[] = []
    for (const framework of ['react', 'vue', 'svelte']) {
      const visited = await visit(await demo.invite(`${framework}/`))
      onTestFinished(() => visited.page.close())
      await watch(visited.page)
      watching.push(visited)
      await viewers.getByText(`Watching: ${watching.length}`).waitFor()
    }
    for (const { page } of watching) await page.getByRole('button', { name: 'Stop watching' }).click()
    await viewers.getByText('Nobody is watching').waitFor()
    expect(
      await camera.page.locator('video').evaluate((video) => (video as HTMLVideoElement).srcObject),
    ).toBe(null)
    expect([camera, ...watching].flatMap(({ complaints }) => complaints)).toEqual([])
  })

  test('whose viewer is off the network stands still there, and goes on', async () => {
    const camera = await visit(await demo.invite('camera/'))
    onTestFinished(() => camera.page.close())
    await camera.page.getByRole('status', { name: 'Peer' }).getByText('open').waitFor()
    const { page, line } = await visitPlugged(await demo.invite('react/'))
    onTestFinished(() => page.close())
    await watch(page)
    await line.pull()
    await expectState(page, 'the picture stands: the connection is lost', 60_000)
    expect(await pictures(page)).toBeGreaterThan(0)
    await line.plugIn()
    await expectState(page, 'live', 60_000)
    await expectMoving(page)
  }, 150_000)
})

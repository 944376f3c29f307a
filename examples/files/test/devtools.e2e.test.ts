import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { start } from '../stack/start.mjs'
import { partsOf, patience, showFolder, visitPlugged } from './browser'

const recording = randomBytes(24 * 1024 * 1024)

let folder: string
let demo: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  process.env.DEVICE_QUIET = '1'
  folder = await mkdtemp(join(tmpdir(), 'nanopeer-devtools-'))
  await writeFile(join(folder, 'recording.bin'), recording)
  demo = await start({ folder, pagesPort: 0, signallingPort: 0 })
})

afterAll(async () => {
  await demo?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The developer tools, in the eyes of their user. */
const toolsOf = (page: Page) => {
  const panel = page.getByRole('region', { name: 'nanopeer developer tools' })
  return {
    panel,
    badge: page.getByRole('button', { name: /nanopeer developer tools/ }),
    /** Opens a tab, and gives what is in it. */
    async open(name: string) {
      await panel.getByRole('tab', { name }).click()
      return panel.getByRole('tabpanel', { name })
    },
  }
}

test.each(['react', 'vue', 'svelte'])(
  'the panel of the %s page says what happened to a download',
  async (framework) => {
    const { page, complaints, line } = await visitPlugged(await demo.invite(`${framework}/`))
    const { device, download, progress } = partsOf(page)
    const { badge, open, panel } = toolsOf(page)
    await device.getByText('open').waitFor()
    await showFolder(page, '')

    const downloading = page.waitForEvent('download', { timeout: 3 * patience })
    await download('recording.bin').click()
    await vi.waitFor(
      async () => expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(0),
      patience,
    )
    await line.pull()

    await badge.click()
    const timeline = await open('Timeline')
    const events = timeline.getByRole('list', { name: 'Events' })
    await events.getByText('Nothing heard for about 3 s: unstable').waitFor()
    const requests = await open('Requests')
    const row = requests.getByRole('row', { name: /files\.read/ })
    await row.getByText('streaming').waitFor()

    const faults = await open('Faults')
    await faults.getByRole('button', { name: 'Drop the link' }).click()
    await open('Requests')
    await row.getByText('waiting', { exact: true }).waitFor()
    await line.plugIn()
    expect(Buffer.compare(await readFile(await (await downloading).path()), recording)).toBe(0)
    await row.getByText('done').waitFor()

    await open('Timeline')
    await events.getByText(/Link 1 is down after/).waitFor()
    await events.getByText(/Session resumed, [\d.]+ (ms|s) without a link/).waitFor()
    const connections = await open('Connections')
    await connections.getByText(/^resumed \d+ time/).waitFor()
    await page.keyboard.press('Escape')
    await panel.waitFor({ state: 'detached' })
    await badge.waitFor()
    expect(complaints).toEqual([])
    await page.close()
  },
)

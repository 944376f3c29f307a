import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { start } from '../stack/start.mjs'
import { type PluggedPage, partsOf, patience, showFolder, visit, visitPlugged } from './browser'

const frameworks = ['react', 'vue', 'svelte']

const mebibyte = 1024 * 1024
const photograph = randomBytes(8 * mebibyte)
const recording = randomBytes(16 * mebibyte)

/** More than anybody transfers while a test runs, and a hole on the disk. */
const endless = 500 * mebibyte

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const makeEndless = async (location: string) => {
  const file = await open(location, 'w')
  await file.truncate(endless)
  await file.close()
}

let outside: string
let shared: string
let demo: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  process.env.DEVICE_QUIET = '1'
  outside = await realpath(await mkdtemp(join(tmpdir(), 'nanopeer-demo-')))
  shared = join(outside, 'shared')
  await makeEndless(join(outside, 'endless upload.bin'))
  await writeFile(join(outside, 'chosen.bin'), photograph)
  for (const framework of frameworks) {
    // Each page has a folder of its own, so that none sees what another does.
    const folder = join(shared, framework)
    await mkdir(join(folder, 'album', 'summer'), { recursive: true })
    await writeFile(join(folder, 'note.txt'), 'Hello')
    await writeFile(join(folder, 'photograph.bin'), photograph)
    await makeEndless(join(folder, 'endless.bin'))
  }
  await writeFile(join(shared, 'recording.bin'), recording)
  demo = await start({ folder: shared, pagesPort: 0, signallingPort: 0 })
})

afterAll(async () => {
  await demo?.stop()
  await rm(outside, { recursive: true, force: true })
})

/** Waits for something that a page or the disk will show. */
const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: patience, interval: 50 })

const expectOpen = async (page: Page) => {
  const { device } = partsOf(page)
  await device.getByText('open').waitFor()
  await eventually(async () => expect(await device.textContent()).toMatch(/direct · [\d.]+ ms/))
}

/** How far a progress bar is, in percent. */
const percent = async (progress: Locator) => Number(await progress.getAttribute('aria-valuenow'))

describe.each(frameworks)('the %s page', (framework) => {
  const onDisk = (name: string) => join(shared, framework, name)
  let page: Page
  let complaints: readonly string[]

  beforeAll(async () => {
    ;({ page, complaints } = await visit(await demo.invite(`${framework}/`)))
  })

  beforeEach(async () => {
    await showFolder(page, framework)
    await partsOf(page).row('note.txt').waitFor()
  })

  afterAll(async () => {
    await page?.close()
  })

  test('is connected, and says how', async () => {
    await partsOf(page).peer.getByText('open').waitFor()
    await expectOpen(page)
  })

  test('lists a folder, and goes into one and back', async () => {
    const { names, row, breadcrumb } = partsOf(page)
    expect(await names.allTextContents()).toEqual(['album', 'endless.bin', 'note.txt', 'photograph.bin'])
    await row('album').click()
    await row('summer').click()
    await page.getByText('This folder is empty').waitFor()
    await breadcrumb('album').click()
    await eventually(async () => expect(await names.allTextContents()).toEqual(['summer']))
    await breadcrumb('shared').click()
    await eventually(async () =>
      expect(await names.allTextContents()).toEqual([...frameworks.toSorted(), 'recording.bin']),
    )
    await page.goBack()
    await eventually(async () => expect(await names.allTextContents()).toEqual(['summer']))
  })

  test('downloads a file, byte for byte', async () => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      partsOf(page).download('photograph.bin').click(),
    ])
    expect(download.suggestedFilename()).toBe('photograph.bin')
    expect(hash(await readFile(await download.path()))).toBe(hash(photograph))
  })

  test('cancels a download, on the device too', async () => {
    const { progress, cancel, download, log } = partsOf(page)
    await download('endless.bin').click()
    await eventually(async () => expect(await percent(progress)).toBeGreaterThan(0))
    await cancel.click()
    await progress.waitFor({ state: 'detached' })
    await log.getByText(`gave up: downloads ${framework}/endless.bin`).waitFor()
    await download('endless.bin').waitFor()
  })

  test('uploads a chosen file, byte for byte', async () => {
    const { chooser, row } = partsOf(page)
    await chooser.setInputFiles(join(outside, 'chosen.bin'))
    await row('chosen.bin').waitFor()
    expect(hash(await readFile(onDisk('chosen.bin')))).toBe(hash(photograph))
  })

  test('uploads dropped files into the folder on screen', async () => {
    const { row, names } = partsOf(page)
    await row('album').click()
    await row('summer').waitFor()
    const dataTransfer = await page.evaluateHandle(() => {
      const data = new DataTransfer()
      for (const word of ['first', 'second']) data.items.add(new File([word], `${word}.txt`))
      return data
    })
    await page.dispatchEvent('body', 'dragover', { dataTransfer })
    await page.getByText('Drop to upload').waitFor()
    await page.dispatchEvent('body', 'drop', { dataTransfer })
    await eventually(async () =>
      expect(await names.allTextContents()).toEqual(['summer', 'first.txt', 'second.txt']),
    )
    expect(await readFile(onDisk('album/second.txt'), 'utf8')).toBe('second')
  })

  test('never uploads over a file', async () => {
    const { chooser, alert } = partsOf(page)
    await chooser.setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('Mine') })
    await alert.getByText('There is already a “note.txt” here.').waitFor()
    expect(await readFile(onDisk('note.txt'), 'utf8')).toBe('Hello')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await alert.waitFor({ state: 'detached' })
  })

  test('cancels an upload, and nothing of it is left', async () => {
    const { chooser, progress, cancel } = partsOf(page)
    const isPart = (name: string) => name.endsWith('.part') || name.startsWith('endless upload')
    const parts = async () => (await readdir(join(shared, framework))).filter(isPart)
    await chooser.setInputFiles(join(outside, 'endless upload.bin'))
    await eventually(async () => {
      expect(await percent(progress)).toBeGreaterThan(0)
      expect(await parts()).toHaveLength(1)
    })
    await cancel.click()
    await progress.waitFor({ state: 'detached' })
    await eventually(async () => expect(await parts()).toEqual([]))
  })

  test('shows what happens to the folder meanwhile', async () => {
    await writeFile(onDisk('meanwhile.txt'), 'New')
    await partsOf(page).row('meanwhile.txt').waitFor()
  })

  test('says that a path out of the folder is refused', async () => {
    await showFolder(page, 'album/../..')
    await partsOf(page).alert.getByText('That path leads out of the shared folder.').waitFor()
  })

  test('asked nobody else and logged no error', () => {
    expect(complaints).toEqual([])
  })
})

describe('all three pages at once', () => {
  let visits: PluggedPage[] = []

  const onAll = <Result>(look: (page: Page, framework: string) => Promise<Result>) =>
    Promise.all(visits.map(({ page }, index) => look(page, frameworks[index] ?? '')))

  beforeAll(async () => {
    const addresses = await Promise.all(frameworks.map((framework) => demo.invite(`${framework}/`)))
    visits = await Promise.all(addresses.map(visitPlugged))
    await onAll(expectOpen)
    await onAll(showFolder)
  })

  afterAll(async () => {
    await onAll((page) => page.close())
  })

  test('their downloads wait while the network is pulled, and go on to the end', async () => {
    const downloads = await Promise.all(
      visits.map(async ({ page, line }) => {
        const { download, progress } = partsOf(page)
        await showFolder(page, '')
        const downloading = page.waitForEvent('download', { timeout: 3 * patience })
        await download('recording.bin').click()
        await eventually(async () => expect(await percent(progress)).toBeGreaterThan(0))
        // At once: it may be over before that of another page has begun.
        await line.pull()
        // In an object: a bare promise would be waited for here.
        return { downloading }
      }),
    )
    await onAll(async (page) => {
      const { device, progress } = partsOf(page)
      await device.getByText('unstable').waitFor()
      expect(await percent(progress)).toBeLessThan(100)
    })
    await Promise.all(visits.map(({ line }) => line.plugIn()))
    for (const { downloading } of downloads) {
      expect(hash(await readFile(await (await downloading).path()))).toBe(hash(recording))
    }
  })

  test('they say that a killed device is away, and recover by themselves when it is back', async () => {
    const countStarts = () => onAll((page) => partsOf(page).log.getByText('the device is open').count())
    const startsBefore = await countStarts()
    await onAll(showFolder)

    await demo.device().stop('SIGKILL')
    await onAll(async (page) => {
      const { alert, retry } = partsOf(page)
      await alert.waitFor()
      await retry.waitFor()
    })
    await onAll((_page, framework) => writeFile(join(shared, framework, 'news.txt'), 'New'))
    await demo.restartDevice()
    await onAll(async (page) => {
      await expectOpen(page)
      const { alert, row } = partsOf(page)
      await row('news.txt').waitFor()
      await alert.waitFor({ state: 'detached' })
    })
    await eventually(async () => expect(await countStarts()).toEqual(startsBefore.map((count) => count + 1)))
  })

  test('they asked nobody else and logged no error', () => {
    expect(visits.flatMap(({ complaints }) => complaints)).toEqual([])
  })
})

test('the index links all three pages, each with the code that it was given', async () => {
  const invited = await demo.invite('')
  const { hash } = new URL(invited)
  const { page, complaints } = await visit(`${demo.origin}/index.html${hash}`)
  const links = page.getByRole('navigation', { name: 'Framework' }).getByRole('link')
  const addresses = frameworks.map((framework) => `${demo.link(`${framework}/`)}${hash}`)
  const shown = () => links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
  await eventually(async () => expect(await shown()).toEqual(addresses))
  expect(complaints).toEqual([])
  await page.close()
})

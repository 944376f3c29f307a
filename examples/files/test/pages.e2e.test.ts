import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, open, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { start } from '../stack/start.mjs'
import { partsOf, patience, type VisitedPage, visit } from './browser'

const frameworks = ['react', 'vue', 'svelte']

const mebibyte = 1024 * 1024
const photograph = randomBytes(8 * mebibyte)

/** More than anybody transfers while a test runs, and a hole on the disk. */
const endless = 1000 * mebibyte

const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

const makeEndless = async (location: string) => {
  const file = await open(location, 'w')
  await file.truncate(endless)
  await file.close()
}

let outside: string
let folder: string
let demo: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  process.env.DEVICE_QUIET = '1'
  outside = await realpath(await mkdtemp(join(tmpdir(), 'nanopeer-demo-')))
  folder = join(outside, 'shared')
  await mkdir(join(folder, 'album', 'summer'), { recursive: true })
  await writeFile(join(folder, 'note.txt'), 'Hello')
  await writeFile(join(folder, 'photograph.bin'), photograph)
  await makeEndless(join(folder, 'endless.bin'))
  await makeEndless(join(outside, 'endless upload.bin'))
  demo = await start({ folder, pagesPort: 0, peerServerPort: 0 })
})

afterAll(async () => {
  await demo?.stop()
  await rm(outside, { recursive: true, force: true })
})

/** Waits for something that a page or the disk will show. */
const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: patience, interval: 50 })

const expectOpen = async ({ page }: VisitedPage) => {
  const { device } = partsOf(page)
  await device.getByText('open').waitFor()
  await eventually(async () => expect(await device.textContent()).toMatch(/direct · [\d.]+ ms/))
}

describe.each(frameworks)('the %s page', (framework) => {
  let visited: VisitedPage

  beforeAll(async () => {
    visited = await visit(`${demo.origin}/${framework}/`)
  })

  afterAll(async () => {
    await visited?.page.close()
  })

  test('is connected, and says how', async () => {
    const { peer } = partsOf(visited.page)
    await peer.getByText('open').waitFor()
    await expectOpen(visited)
  })

  test('lists the folder, and goes into one and back', async () => {
    const { page } = visited
    const { names, row } = partsOf(page)
    await row('photograph.bin').waitFor()
    expect(await names.allTextContents()).toEqual(
      expect.arrayContaining(['album', 'endless.bin', 'note.txt', 'photograph.bin']),
    )
    await page.getByRole('link', { name: 'album' }).click()
    await page.getByRole('link', { name: 'summer' }).click()
    await page.getByText('This folder is empty').waitFor()
    await page.getByRole('navigation', { name: 'Folder' }).getByRole('link', { name: 'album' }).click()
    await eventually(async () => expect(await names.allTextContents()).toEqual(['summer']))
    await page.goBack()
    await page.goBack()
    await page.goBack()
    await row('photograph.bin').waitFor()
  })

  test('downloads a file, byte for byte', async () => {
    const { page } = visited
    const downloading = page.waitForEvent('download')
    await partsOf(page).download('photograph.bin').click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('photograph.bin')
    expect(hash(await readFile(await download.path()))).toBe(hash(photograph))
  })

  test('cancels a download', async () => {
    const { progress, cancel, download, log } = partsOf(visited.page)
    await download('endless.bin').click()
    await eventually(async () =>
      expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(0),
    )
    await cancel.click()
    await progress.waitFor({ state: 'detached' })
    await log.getByText('gave up: downloads endless.bin').first().waitFor()
    await download('endless.bin').waitFor()
  })

  test('uploads a chosen file, byte for byte', async () => {
    const { chooser, row } = partsOf(visited.page)
    const name = `${framework} chosen.bin`
    const bytes = randomBytes(5 * mebibyte)
    await chooser.setInputFiles({ name, mimeType: 'application/octet-stream', buffer: bytes })
    await row(name).waitFor()
    expect(hash(await readFile(join(folder, name)))).toBe(hash(bytes))
  })

  test('uploads dropped files into the folder on screen', async () => {
    const { page } = visited
    const { row, names } = partsOf(page)
    await page.getByRole('link', { name: 'album' }).click()
    await row('summer').waitFor()
    const dropped = await page.evaluateHandle((framework) => {
      const data = new DataTransfer()
      for (const word of ['first', 'second']) data.items.add(new File([word], `${framework} ${word}.txt`))
      return data
    }, framework)
    await page.dispatchEvent('body', 'dragover', { dataTransfer: dropped })
    await page.getByText('Drop to upload').waitFor()
    await page.dispatchEvent('body', 'drop', { dataTransfer: dropped })
    await eventually(async () =>
      expect(await names.allTextContents()).toEqual(
        expect.arrayContaining([`${framework} first.txt`, `${framework} second.txt`]),
      ),
    )
    expect(await readFile(join(folder, 'album', `${framework} second.txt`), 'utf8')).toBe('second')
    await page.goBack()
    await row('photograph.bin').waitFor()
  })

  test('never uploads over a file', async () => {
    const { page } = visited
    const { chooser, alert } = partsOf(page)
    await chooser.setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: Buffer.from('Mine') })
    await alert.getByText('There is already a “note.txt” here.').waitFor()
    expect(await readFile(join(folder, 'note.txt'), 'utf8')).toBe('Hello')
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await alert.waitFor({ state: 'detached' })
  })

  test('cancels an upload, and nothing of it is left', async () => {
    const { chooser, progress, cancel } = partsOf(visited.page)
    await chooser.setInputFiles(join(outside, 'endless upload.bin'))
    await eventually(async () =>
      expect(Number(await progress.getAttribute('aria-valuenow'))).toBeGreaterThan(0),
    )
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toHaveLength(1)
    await cancel.click()
    await progress.waitFor({ state: 'detached' })
    await eventually(async () =>
      expect((await readdir(folder)).filter((name) => /part$|endless upload/.test(name))).toEqual([]),
    )
  })

  test('says that a path out of the folder is refused', async () => {
    const { page } = visited
    const { alert, row } = partsOf(page)
    await page.evaluate(() => {
      window.location.hash = '#/album/../..'
    })
    await alert.getByText('That path leads out of the shared folder.').waitFor()
    await page.goBack()
    await row('photograph.bin').waitFor()
  })

  test('asked nobody else and logged no error', () => {
    expect(visited.complaints).toEqual([])
  })
})

describe('when the device is killed', () => {
  const visitAll = () => Promise.all(frameworks.map((framework) => visit(`${demo.origin}/${framework}/`)))

  test('every page says so, and recovers by itself when it is back', async () => {
    const pages = await visitAll()
    await Promise.all(pages.map(expectOpen))
    await demo.device().stop('SIGKILL')
    await Promise.all(
      pages.map(async ({ page }) => {
        const { alert, retry } = partsOf(page)
        await alert.waitFor()
        await retry.waitFor()
      }),
    )
    await writeFile(join(folder, 'meanwhile.txt'), 'New')
    await demo.restartDevice()
    await Promise.all(
      pages.map(async (visited) => {
        await expectOpen(visited)
        const { alert, row, log } = partsOf(visited.page)
        await row('meanwhile.txt').waitFor()
        await alert.waitFor({ state: 'detached' })
        await log.getByText('the device is open').last().waitFor()
      }),
    )
    for (const { page, complaints } of pages) {
      expect(complaints).toEqual([])
      await page.close()
    }
  })
})

test('the index links all three pages', async () => {
  const { page, complaints } = await visit(`${demo.origin}/`)
  const links = await page.getByRole('navigation', { name: 'Framework' }).getByRole('link').all()
  expect(await Promise.all(links.map((link) => link.getAttribute('href')))).toEqual(
    frameworks.map((framework) => `/${framework}/`),
  )
  expect(complaints).toEqual([])
})

import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { start } from '../stack/start.mjs'
import { partsOf, showFolder, type VisitedPage, visit } from './browser'

/** Ms after which a peer that a remount had let go of would be closed, and more: the core waits 1000. */
const released = 1500

const frameworks = [
  // Another hook signature: React mounts the component anew.
  {
    framework: 'react',
    file: 'App.tsx',
    script: ['const { peer } =', 'const { peer, status: _status } ='] as const,
  },
  // Vue and Svelte make the component anew whatever has changed in its script.
  { framework: 'vue', file: 'App.vue', script: ['peerOptions)', '{ ...peerOptions })'] as const },
  { framework: 'svelte', file: 'App.svelte', script: ['peerOptions)', '{ ...peerOptions })'] as const },
]

let copy: string
let demo: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  // Inside the example, so that the pages find their packages; an edit must not touch the pages themselves.
  const example = fileURLToPath(new URL('..', import.meta.url))
  await mkdir(join(example, '.cache'), { recursive: true })
  copy = await mkdtemp(join(example, '.cache', 'hot-'))
  const isConfiguration = (path: string) => path.endsWith('tsconfig.json')
  for (const name of ['pages', 'shared']) {
    await cp(join(example, name), join(copy, name), {
      recursive: true,
      filter: (path) => !isConfiguration(path),
    })
  }
  const folder = join(copy, 'served')
  for (const name of ['before', 'after markup', 'after script']) {
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, `${name}.txt`), name)
  }
  demo = await start({ folder, pagesPort: 0, signallingPort: 0, copy: join(copy, 'pages') })
})

afterAll(async () => {
  await demo?.stop()
  if (copy) await rm(copy, { recursive: true, force: true })
})

/** Counts what the page opens from now on. A reload forgets the count, so nothing is opened unseen. */
const countOpened = (page: Page) =>
  page.evaluate(() => {
    const opened: string[] = []
    for (const name of ['RTCPeerConnection', 'WebSocket'] as const) {
      const original = window[name]
      Object.assign(window, {
        [name]: new Proxy(original, {
          construct(target, args) {
            opened.push(name)
            return Reflect.construct(target, args)
          },
        }),
      })
    }
    Object.assign(window, { opened })
  })

/** Undefined where the page was loaded again. */
const openedIn = (page: Page) => page.evaluate(() => (window as { opened?: string[] }).opened)

describe.each(frameworks)('an edit of a component of the $framework page', ({ framework, file, script }) => {
  let visited: VisitedPage

  const edit = async (...changes: readonly (readonly [before: string, after: string])[]) => {
    const location = join(copy, 'pages', framework, file)
    let text = await readFile(location, 'utf8')
    for (const [before, after] of changes) {
      expect(text).toContain(before)
      text = text.replace(before, after)
    }
    await writeFile(location, text)
  }

  /** The page still talks over what it had, though whatever the edit let go of would be closed by now. */
  const expectNothingOpened = async (folder: string) => {
    const { page } = visited
    const edited = await page.evaluate(() => performance.now())
    await page.waitForFunction((until) => performance.now() > until, edited + released)
    await partsOf(page).peer.getByText('open').waitFor()
    await partsOf(page).device.getByText('open').waitFor()
    await showFolder(page, folder)
    await partsOf(page).row(`${folder}.txt`).waitFor()
    expect(await openedIn(page)).toEqual([])
  }

  beforeAll(async () => {
    visited = await visit(await demo.invite(`${framework}/`))
    const { page } = visited
    await showFolder(page, 'before')
    await partsOf(page).row('before.txt').waitFor()
    await countOpened(page)
  })

  afterAll(() => visited?.page.close())

  test('leaves its peer and its connection open when the markup changes', async () => {
    await edit(['"columns"', '"columns edited"'])
    await visited.page.locator('.columns.edited').waitFor()
    await expectNothingOpened('after markup')
  })

  test('leaves them open when the script changes, and the component is made anew', async () => {
    await edit(script, ['"columns edited"', '"columns edited again"'])
    await visited.page.locator('.columns.again').waitFor()
    await expectNothingOpened('after script')
  })
})

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type VisitedPage, visit } from '../../../examples/files/test/browser'
import { folder, type RunningApp, startApp } from './app'

const apps = [
  { name: 'next', flags: ['-H', '127.0.0.1'] },
  { name: 'nuxt', flags: [] },
  { name: 'sveltekit', flags: [] },
]

describe.runIf(folder).each(apps)('the $name start', ({ name, flags }) => {
  let app: RunningApp
  let visited: VisitedPage

  beforeAll(async () => {
    app = await startApp(name, flags)
  })

  afterAll(async () => {
    await visited?.page.close()
    await app?.stop()
  })

  test('is rendered on the server as connecting and loading, never as idle', async () => {
    // React parts two texts by a comment; so does Svelte.
    const html = (await (await fetch(app.origin)).text()).replace(/<!--.*?-->/g, '')
    expect(html).toContain('network connecting, nas connecting')
    expect(html).toContain('Loading …')
    expect(html).not.toContain('idle')
  })

  test('opens its peer in the browser, and shows that it is loading while the device is away', async () => {
    visited = await visit(`${app.origin}/#secret=${app.secret}`)
    const { page } = visited
    await page.getByRole('status').getByText('network open').waitFor()
    expect(await page.getByText('Loading …').isVisible()).toBe(true)
    expect(await page.getByRole('listitem').count()).toBe(0)
  })

  test('shows the answer of its device as soon as that is there', async () => {
    app.startDevice()
    const { page } = visited
    await page.getByRole('listitem').getByText('package.json').waitFor()
    await page.getByRole('status').getByText('network open, nas open').waitFor()
    expect(await page.getByText('Loading …').count()).toBe(0)
    const names = (await readdir(app.folder)).filter((name) => !name.startsWith('.'))
    expect(await page.getByRole('listitem').count()).toBe(names.length)
  })

  test('opened nothing on the server: only the tab and the device have ever registered', async () => {
    const tab = await visited.page.evaluate(() => sessionStorage.getItem('nanopeer:tab-id'))
    expect(app.signallingServer.registrations).toEqual([tab, 'nas'])
  })

  test('has no secret in what it serves', async () => {
    expect(await (await fetch(app.origin)).text()).not.toContain(app.secret)
  })

  test('neither complains in the console nor asks anybody else', () => {
    expect(visited.complaints).toEqual([])
  })
})

describe.runIf(folder)('a page that Next renders when it is built', () => {
  let app: RunningApp

  beforeAll(async () => {
    app = await startApp('next', ['-H', '127.0.0.1'])
  })

  afterAll(async () => {
    await app?.stop()
  })

  test("has no id in it, and the tab's own once it is open", async () => {
    const built = await readFile(join(folder, 'next', '.next', 'server', 'app', 'tab.html'), 'utf8')
    expect(built.replace(/<!--.*?-->/g, '')).toContain('connecting, no id')
    const { page, complaints } = await visit(`${app.origin}/tab`)
    // There once the page is alive.
    const made = await page.waitForFunction(() => sessionStorage.getItem('nanopeer:tab-id'))
    await page
      .getByRole('status')
      .getByText(`, ${await made.jsonValue()}`)
      .waitFor()
    expect(complaints.filter((text) => /hydrat/i.test(text))).toEqual([])
    await page.close()
  })
})

test.runIf(folder)("the Next start's components went through the React Compiler", async () => {
  const chunks = join(folder, 'next', '.next', 'static', 'chunks')
  const files = (await readdir(chunks)).filter((file) => file.endsWith('.js'))
  const texts = await Promise.all(files.map((file) => readFile(join(chunks, file), 'utf8')))
  const ours = texts.filter((text) => text.includes('Loading …') || text.includes('Loading \\u2026'))
  expect(ours).toHaveLength(1)
  // The compiler's memory of a component: `c(number of slots)` of react/compiler-runtime.
  expect(ours[0]).toMatch(/\.c\)\(\d+\)/)
})

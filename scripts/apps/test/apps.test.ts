import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateSecret } from '@nanopeer/core'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { patience, type VisitedPage, visit } from '../../../examples/files/test/browser'
import { type RunningSignallingServer, startSignallingServer } from '../../vitest/signalling-server'
import { freePort, type RunningScript, startScript } from './script'

/** Where the apps have been built; without them, as in a bare run of vitest, there is nothing to test. */
const folder = process.env.NANOPEER_APPS ?? ''

const apps = [
  { name: 'next', flags: ['-H', '127.0.0.1'] },
  { name: 'nuxt', flags: [] },
  { name: 'sveltekit', flags: [] },
]

const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: patience, interval: 50 })

describe.runIf(folder).each(apps)('the $name start', ({ name, flags }) => {
  const app = join(folder, name)
  let signallingServer: RunningSignallingServer
  let server: RunningScript
  let device: RunningScript | undefined
  let visited: VisitedPage
  let origin: string
  let settings: Record<string, string>
  const secret = generateSecret()

  beforeAll(async () => {
    signallingServer = await startSignallingServer()
    const port = String(await freePort())
    origin = `http://127.0.0.1:${port}`
    const signalling = String(signallingServer.port)
    settings = {
      SIGNALLING_PORT: signalling,
      NUXT_PUBLIC_SIGNALLING_PORT: signalling,
      PUBLIC_SIGNALLING_PORT: signalling,
      HOST: '127.0.0.1',
      PORT: port,
      NAS_SECRET: secret,
    }
    server = startScript(app, 'start', flags, settings)
    await eventually(async () => expect((await fetch(origin)).status).toBe(200))
  })

  afterAll(async () => {
    await visited?.page.close()
    await device?.stop()
    await server?.stop()
    await signallingServer?.stop()
  })

  test('is rendered on the server as connecting and loading, never as idle', async () => {
    // React parts two texts by a comment; so does Svelte.
    const html = (await (await fetch(origin)).text()).replace(/<!--.*?-->/g, '')
    expect(html).toContain('network connecting, nas connecting')
    expect(html).toContain('Loading …')
    expect(html).not.toContain('idle')
  })

  test('opens its peer in the browser, and shows that it is loading while the device is away', async () => {
    visited = await visit(`${origin}/#secret=${secret}`)
    const { page } = visited
    await page.getByRole('status').getByText('network open').waitFor()
    expect(await page.getByText('Loading …').isVisible()).toBe(true)
    expect(await page.getByRole('listitem').count()).toBe(0)
  })

  test('shows the answer of its device as soon as that is there', async () => {
    device = startScript(app, 'device', [], settings)
    const { page } = visited
    await page.getByRole('listitem').getByText('package.json').waitFor()
    await page.getByRole('status').getByText('network open, nas open').waitFor()
    expect(await page.getByText('Loading …').count()).toBe(0)
    const names = (await readdir(app)).filter((name) => !name.startsWith('.'))
    expect(await page.getByRole('listitem').count()).toBe(names.length)
  })

  test('opened nothing on the server: only the tab and the device have ever registered', async () => {
    const tab = await visited.page.evaluate(() => sessionStorage.getItem('nanopeer:tab-id'))
    expect(signallingServer.registrations).toEqual([tab, 'nas'])
  })

  test('has no secret in what it serves', async () => {
    expect(await (await fetch(origin)).text()).not.toContain(secret)
  })

  test('neither complains in the console nor asks anybody else', () => {
    expect(visited.complaints).toEqual([])
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

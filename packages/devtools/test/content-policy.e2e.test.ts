import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium } from 'playwright'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumArguments, findChromium } from '../../../scripts/chromium.mjs'

/** No inline style, no inline script, no string that becomes HTML but by Lit's own policy. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ')

const packages = fileURLToPath(new URL('../..', import.meta.url))

let server: Server
let browser: Browser

/** A page that imports the tools, as a bundler makes it: its files by their paths. */
const bundle = async (conditions: string[]) => {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    resolve: {
      conditions,
      alias: [{ find: '@nanopeer/core/testing', replacement: `${packages}core/dist/testing/index.js` }],
    },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: fileURLToPath(new URL('./pages/showcase.ts', import.meta.url)), formats: ['es'] },
    },
  })
  const [built] = Array.isArray(result) ? result : [result]
  if (!built || !('output' in built)) throw new Error('The page was not built.')
  const files = new Map(built.output.map((part) => [`/${part.fileName}`, 'code' in part ? part.code : '']))
  const entry = built.output.find((part) => part.type === 'chunk' && part.isEntry)?.fileName
  return files.set(
    '/',
    `<!doctype html><title>Page</title><body><script type="module" src="/${entry}"></script>`,
  )
}

beforeAll(async () => {
  const files = await bundle(['development', 'module', 'browser'])
  server = createServer(({ url = '/' }, response) => {
    response.setHeader('content-security-policy', policy)
    response.setHeader('content-type', url === '/' ? 'text/html' : 'text/javascript')
    response.end(files.get(url) ?? '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  browser = await chromium.launch({ executablePath: await findChromium(), args: chromiumArguments })
})

afterAll(async () => {
  await browser?.close()
  server?.closeAllConnections()
  server?.close()
})

test('a page with a strict content policy shows every tab, styled, and nothing is refused', async () => {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  await page.evaluate(() => window.showcase.start())
  await page.getByRole('button', { name: /nanopeer developer tools/ }).click()
  const panel = page.getByRole('region', { name: 'nanopeer developer tools' })
  for (const name of ['Connections', 'Timeline', 'Requests', 'Handlers and limits', 'Faults']) {
    await panel.getByRole('tab', { name }).click()
    await panel.getByRole('tabpanel', { name }).getByText('nas').first().waitFor()
  }
  expect(await panel.evaluate((element) => getComputedStyle(element).position)).toBe('fixed')
  expect(complaints).toEqual([])
  await page.close()
})

test('nothing of the tools is in a production build', async () => {
  const files = await bundle(['production', 'module', 'browser'])
  const code = [...files.values()].join('')
  expect(code).toContain('showcase')
  expect(code).not.toContain('nanopeer-devtools')
})

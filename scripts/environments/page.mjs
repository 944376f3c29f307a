/** Serves what a bundler has built, and opens it in Chromium, beside a signalling server that the page's address names. */
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { chromium } from 'playwright'
import { createSignallingServer } from '../../packages/server/dist/index.js'
import { chromiumArguments, findChromium } from '../chromium.mjs'

/** @type {Record<string, string>} */
const types = { '.html': 'text/html', '.js': 'text/javascript' }

/**
 * @param {string} folder
 * @param {(page: import('playwright').Page, open: () => Promise<unknown>) => Promise<void>} visit calls `open` once it listens
 */
export async function visitPage(folder, visit) {
  const pages = createServer(async ({ url = '/' }, response) => {
    const path = url === '/' ? '/index.html' : url
    const content = await readFile(join(folder, path)).catch(() => null)
    response.statusCode = content ? 200 : 404
    response.setHeader('content-type', types[extname(path)] ?? 'text/plain')
    response.end(content)
  })
  await new Promise((resolve) => pages.listen(0, '127.0.0.1', () => resolve(undefined)))
  const { port } = /** @type {import('node:net').AddressInfo} */ (pages.address())
  const signalling = await createSignallingServer({ host: '127.0.0.1', port: 0 })
  const executablePath = await findChromium()
  const browser = await chromium.launch({
    ...(executablePath && { executablePath }),
    args: chromiumArguments,
  })
  try {
    const page = await browser.newPage()
    const server = { host: '127.0.0.1', port: signalling.port, secure: false }
    const address = `http://127.0.0.1:${port}/#${encodeURIComponent(JSON.stringify(server))}`
    await visit(page, () => page.goto(address))
  } finally {
    await browser.close()
    await signalling.close()
    pages.closeAllConnections()
    pages.close()
  }
}

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, launch, type Page } from 'puppeteer-core'
import { afterAll, beforeAll } from 'vitest'
import { chromiumArguments, findChromium } from '../../../../scripts/chromium.mjs'
import { findFirefox, firefoxPreferences } from '../../../../scripts/firefox.mjs'
import { bundlePage } from '../../../../scripts/vitest/bundle'

/** The browsers that pages are opened in; undefined where there is none. */
export const executables = { Chromium: await findChromium(), Firefox: findFirefox() }

export type BrowserName = keyof typeof executables

/** Starts a browser under WebDriver BiDi (Chromium: the DevTools protocol), each in a profile of its own. */
export const startBrowser = (name: BrowserName): Promise<Browser> => {
  const executablePath = executables[name]
  if (!executablePath) throw new Error(`There is no ${name} here.`)
  if (name === 'Chromium') return launch({ executablePath, args: chromiumArguments })
  return launch({ browser: 'firefox', executablePath, extraPrefsFirefox: firefoxPreferences })
}

/**
 * Serves one page on loopback, where cryptography is allowed.
 *
 * @param before a script that runs before the page's own
 */
export const servePage = async (
  entry: URL,
  before = '',
): Promise<{ open(browser: Browser): Promise<Page>; stop(): void }> => {
  const code = await bundlePage(entry)
  const server = createServer(({ url }, response) => {
    const isScript = url === '/page.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    const document = `<!doctype html><script>${before}</script><script type="module" src="/page.js"></script>`
    response.end(isScript ? code : document)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    async open(browser) {
      const page = await browser.newPage()
      await page.goto(`http://127.0.0.1:${port}/`)
      return page
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Says why tests of both browsers are skipped, where they are. */
export const isFirefoxMissing = (): boolean => {
  if (executables.Firefox) return false
  console.warn('No Firefox here, and none could be installed: its tests are skipped.')
  return true
}

/** Starts a Chromium and a Firefox for the tests around it. Returns what opens the page in one of them. */
export const inBothBrowsers = (entry: URL): ((name: BrowserName) => Promise<Page>) => {
  const browsers: Partial<Record<BrowserName, Browser>> = {}
  let pages: Awaited<ReturnType<typeof servePage>>

  beforeAll(async () => {
    pages = await servePage(entry)
    const start = async (name: BrowserName) => {
      browsers[name] = await startBrowser(name)
    }
    await Promise.all([start('Chromium'), start('Firefox')])
  })

  afterAll(async () => {
    await Promise.all(Object.values(browsers).map((browser) => browser.close()))
    pages?.stop()
  })

  return (name) => pages.open(browsers[name] as Browser)
}

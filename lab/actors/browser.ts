import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser as Chromium, chromium, type Page } from 'playwright-core'
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs'
import type { Namespace } from '../network/namespaces'
import { temporaryFolder } from '../temporary'
import type { Abilities, Actor } from './actor'
import { builtScript } from './scripts'
import type { ActorSettings } from './settings'

const script = builtScript('page-script.global')

/**
 * The page's address. Nothing listens there: the browser is given the page by the lab itself. A loopback name is a
 * secure context, where the page has `crypto.subtle`, and may still use a signalling server without TLS.
 */
const address = 'http://localhost/'

/** A tab with a peer in it. */
export interface Tab extends Actor {
  readonly page: Page
}

/** A Chromium in a namespace. */
export interface Browser {
  /** Opens a tab. Resolves when its peer is open. */
  open(settings: ActorSettings): Promise<Tab>
  close(): Promise<void>
}

/** Starts a browser in a namespace. Killing it is killing all that runs in the namespace. */
export const startBrowser = async (namespace: Namespace): Promise<Browser> => {
  const browser = await chromium.launch({
    executablePath: await launcher(namespace),
    args: chromiumArguments,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  })
  return {
    open: (settings) => openTab(browser, settings),
    close: () => browser.close(),
  }
}

/** Playwright drives a browser over a pipe, so that it does not matter where that runs. */
const launcher = async (namespace: Namespace): Promise<string> => {
  const path = join(temporaryFolder(), `chromium-${namespace.name}`)
  writeFileSync(path, `#!/bin/sh\nexec ip netns exec ${namespace.name} ${await findChromium()} "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

const openTab = async (browser: Chromium, settings: ActorSettings): Promise<Tab> => {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(`In the page: ${error.stack}`))
  await page.route(`${address}**`, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<!doctype html><title>lab</title><script src="/script.js"></script>',
    }),
  )
  await page.route(`${address}script.js`, (route) =>
    route.fulfill({ contentType: 'text/javascript', path: script }),
  )
  await page.addInitScript((given) => {
    globalThis.labSettings = given
  }, settings)
  await page.goto(address)
  await page.evaluate(() => subject.open())
  return { id: settings.id, page, call: (method, ...given) => ask(page, method, given) as Promise<never> }
}

const ask = (page: Page, method: keyof Abilities, given: readonly unknown[]): Promise<unknown> =>
  page.evaluate(
    ({ method, given }) =>
      method === 'cutLinks'
        ? cut()
        : (subject[method] as (...given: readonly unknown[]) => unknown)(...given),
    { method, given },
  )

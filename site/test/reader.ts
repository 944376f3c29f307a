import { chromium, type Locator, type Page } from 'playwright-core'
import { serve } from 'vitepress'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs'

/** How long anything that a page does may take on a busy machine, in ms. */
const patience = 30_000

export const frameworks = ['React', 'Vue', 'Svelte'] as const

type Framework = (typeof frameworks)[number]

let browser: Awaited<ReturnType<typeof chromium.launch>>
let address: string
let close: () => void

/** Serves the built site and starts a browser, for all tests of a file. */
export function startReading(root: string): void {
  beforeAll(async () => {
    const [{ server }, launched] = await Promise.all([
      serve({ root, port: 0 }),
      chromium.launch({ executablePath: await findChromium(), args: chromiumArguments }),
    ])
    if (!server) throw new Error('VitePress serves nothing.')
    const bound = server.address()
    if (typeof bound !== 'object' || !bound) throw new Error('VitePress listens to no port.')
    address = `http://localhost:${bound.port}`
    close = () => server.close()
    browser = launched
  })
  afterAll(async () => {
    await browser?.close()
    close?.()
  })
}

/** A page of the site, with one live example running, and what somebody can do with it. */
export interface Reading {
  readonly page: Page
  /** The panel of one page of the example. */
  app(id?: string): Locator
  /** Everything that is said in that panel, on one line. */
  text(id?: string): Promise<string>
  click(name: string, id?: string): Promise<void>
  /** Sees a text while something is done, also one that is gone again before it is done. */
  see(text: string, act: () => Promise<void>): Promise<void>
  pull(id?: string): Promise<void>
  plug(id?: string): Promise<void>
  /** Waits until the device shows these as connected. */
  meet(...ids: string[]): Promise<void>
}

/** What a reader could hold against each page: errors in its console, and requests to anywhere else. */
const complaints = new WeakMap<Page, string[]>()

/** Opens a page of the site as somebody who reads this framework. Complaints fail the test. */
export async function open(path: string, framework: Framework): Promise<Page> {
  const page = await browser.newPage()
  page.setDefaultTimeout(patience)
  const heard: string[] = []
  complaints.set(page, heard)
  page.on('pageerror', (error) => heard.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(message.text())
  })
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(address) && !/^(blob|data):/.test(url)) heard.push(`asked ${url}`)
  })
  await page.addInitScript((name) => localStorage.setItem('nanopeer-framework', name), framework)
  await page.goto(`${address}/${path}`)
  // Until the application has taken over what the server rendered, a page shows its buttons and hears nothing.
  await page.waitForFunction(() => Reflect.has(document.querySelector('#app') ?? {}, '__vue_app__'))
  noComplaints(page)
  return page
}

const noComplaints = (page: Page): void =>
  onTestFinished(() => {
    expect(complaints.get(page)).toEqual([])
  })

/** Pages that show an example already, by their paths: a reader chooses another framework there. */
const pages = new Map<string, Page>()

async function show(path: string, framework: Framework): Promise<Page> {
  const page = pages.get(path)
  if (!page) {
    const opened = await open(path, framework)
    pages.set(path, opened)
    return opened
  }
  noComplaints(page)
  await page.getByRole('tab', { name: framework }).first().click()
  return page
}

/** A page of the site with its live example running in this framework, as at the beginning. */
export async function read(path: string, framework: Framework): Promise<Reading> {
  const page = await show(path, framework)
  const frame = page.locator('.live')
  await frame.scrollIntoViewIfNeeded()
  await expect.poll(() => frame.getAttribute('aria-busy'), { timeout: patience }).toBe('false')
  const app = (id = 'laptop') => frame.locator(`[data-id="${id}"]`)
  const cable = async (id: string, isPlugged: boolean) => {
    const lever = frame.getByRole('switch', { name: `Cable to ${id}` })
    await lever.click()
    await expect.poll(() => lever.getAttribute('aria-checked')).toBe(String(isPlugged))
  }
  return {
    page,
    app,
    text: async (id) => ((await app(id).textContent()) ?? '').replace(/\s+/g, ' ').trim(),
    click: (name, id) => app(id).getByRole('button', { name, exact: true }).click(),
    see: async (text, act) => {
      // The page itself looks: whoever asks it from outside, every now and then, may miss what is there for a second.
      const seen = await app().evaluateHandle((element, text) => {
        const seen = { now: false }
        const look = () => {
          seen.now ||= element.textContent?.includes(text) ?? false
        }
        const observer = new MutationObserver(look)
        observer.observe(element, { subtree: true, childList: true, characterData: true })
        return seen
      }, text)
      await act()
      await expect.poll(() => seen.evaluate(({ now }) => now), { timeout: patience }).toBe(true)
    },
    pull: (id = 'laptop') => cable(id, false),
    plug: (id = 'laptop') => cable(id, true),
    meet: async (...ids) => {
      for (const id of ids) await frame.getByRole('listitem').getByText(`${id}: open`).waitFor()
    },
  }
}

/** Waits until something that a page shows is as it should be. */
export const eventually = <Shown>(shown: () => Promise<Shown>) =>
  expect.poll(shown, { timeout: patience, interval: 50 })

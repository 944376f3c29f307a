import { randomUUID } from 'node:crypto'
import type { Browser, Page } from 'puppeteer-core'
import { afterAll, beforeAll, describe, expect, inject, type TestContext, test } from 'vitest'
import { type BrowserName, startBrowser } from '../support/browsers'
import { type BundledPage, inChunks, inOneFile } from '../support/bundlers'
import { type Failure, serveFiles } from '../support/failing-server'

// What browsers do, and why we do what we do: docs/decisions/0019-files-that-do-not-load.md

interface Status {
  readonly state: string
  readonly code?: string
  readonly message?: string
  /** Another attempt is due. */
  readonly retries: boolean
}

declare global {
  var nanopeerOpen: { readonly statuses: readonly Status[]; open(id: string, server: object): void }
}

const server = { ...inject('signallingServer'), secure: false }

/** The one file with this text in it, and with such a name. */
const fileWith = (files: BundledPage, text: string, name = /js$/): string => {
  const found = [...files].filter(([path, content]) => name.test(path) && Buffer.from(content).includes(text))
  expect(found.map(([path]) => path)).toHaveLength(1)
  return (found[0] as [string, unknown])[0]
}

const textOfEngine = 'The link could not be resumed'
const textOfPeerjs = 'PeerJS: '

/** How a connection that is reset fails is the browser's doing, whoever made the page. */
const casesOf = (bundler: string) => {
  const failures: readonly Failure[] = bundler === 'no bundler' ? ['503', 'reset'] : ['503']
  return failures.flatMap((failure) =>
    (['the engine', 'PeerJS'] as const).map((part) => [part, failure] as const),
  )
}

/** Firefox remembers a failure by its URL, and what another URL brings is a module of webpack's, not ours. */
const remembersForGood = (name: BrowserName, bundler: string): boolean =>
  name === 'Firefox' && bundler === 'webpack with ES modules'

const needed = [
  { bundler: 'no bundler', file: /\/core\/chunk-.*js$/, text: textOfEngine, isThePart: true },
  { bundler: 'Vite', file: /rolldown-runtime/, text: '', isThePart: false },
]

/** What a page does in a browser where files of it do not load. */
export const failingChunks = (name: BrowserName): void => {
  let browser: Browser

  beforeAll(async () => {
    browser = await startBrowser(name)
  })
  afterAll(() => browser?.close())

  /** One tab after the other: Firefox loses some that are opened side by side, and none is closed before the browser is. */
  let opening: Promise<unknown> = Promise.resolve()
  const newPage = (): Promise<Page> => {
    const page = opening.then(() => browser.newPage())
    opening = page.catch(() => {})
    return page
  }

  /** A page, which opens a peer when it is told to. */
  const visit = async (files: BundledPage, { expect, onTestFinished }: TestContext) => {
    const served = await serveFiles(files)
    onTestFinished(() => served.stop())
    const page = await newPage()
    const load = async () => {
      await page.goto(served.url)
      await page.waitForFunction(() => 'nanopeerOpen' in globalThis)
    }
    await load()
    const statuses = () => page.evaluate(() => nanopeerOpen.statuses)
    return {
      ...served,
      load,
      open: () => page.evaluate((...given) => nanopeerOpen.open(...given), `page-${randomUUID()}`, server),
      until: (wanted: Partial<Record<keyof Status, unknown>>) =>
        expect.poll(statuses, { timeout: 20_000 }).toContainEqual(expect.objectContaining(wanted)),
    }
  }

  /** The file is there again; `reloaded`: where the browser remembers its failure, once the page has been loaded anew. */
  const opensAgain = async (
    { heal, until, load, open }: Awaited<ReturnType<typeof visit>>,
    reloaded: boolean,
  ) => {
    heal()
    if (reloaded) {
      await until({ code: 'NETWORK', retries: false, message: expect.stringMatching(/Reload the page\.$/) })
      await load()
      await open()
    }
    await until({ state: 'open' })
  }

  describe.each(Object.entries(inChunks))('a page with %s', (bundler, build) => {
    let files: BundledPage
    let engine: string
    let peerjs: string

    beforeAll(async () => {
      files = await build()
      engine =
        [...files.keys()].find((path) => /\/engine-[^/]+\.js$/.test(path)) ?? fileWith(files, textOfEngine)
      peerjs = fileWith(files, textOfPeerjs)
    })

    // Which file is asked for when is the bundler's doing.
    if (name === 'Chromium') {
      test('loads the engine and PeerJS when a peer is held, and neither before', async (context) => {
        const { requests, open, until } = await visit(files, context)
        expect(requests).not.toContain(engine)
        expect(requests).not.toContain(peerjs)
        await open()
        await until({ state: 'open' })
        expect(requests).toEqual(expect.arrayContaining([engine, peerjs]))
      })
    }

    test.concurrent.for(casesOf(bundler))(
      'says NETWORK where the file of %s does not load (%s), and opens when it does',
      async ([part, failure], context) => {
        const page = await visit(files, context)
        const { open, fail, until } = page
        fail(part === 'the engine' ? engine : peerjs, failure)
        await open()
        await until({ state: 'disconnected', code: 'NETWORK', retries: true })
        await opensAgain(page, remembersForGood(name, bundler))
      },
    )
  })

  describe.each(needed)(
    'a file that the engine needs, with $bundler',
    ({ bundler, file, text, isThePart }) => {
      test('does not keep the page from opening a peer longer than it must', async (context) => {
        const files = (await inChunks[bundler]?.()) as BundledPage
        const page = await visit(files, context)
        const { open, fail, until } = page
        fail(fileWith(files, text, file), '503')
        await open()
        await until({ state: 'disconnected', code: 'NETWORK', retries: true })
        // Nothing makes Firefox ask for such a file once more; where all of the part is in it, another URL of it will do.
        await opensAgain(page, name === 'Firefox' && !isThePart)
      })
    },
  )

  if (name === 'Chromium') {
    describe.each(Object.entries(inOneFile))('%s', (_, build) => {
      test('opens a peer, and loads nothing late', async (context) => {
        const { requests, open, until } = await visit(await build(), context)
        const before = [...requests]
        await open()
        await until({ state: 'open' })
        const late = requests.slice(before.length).filter((path) => path !== '/favicon.ico')
        expect(late).toEqual([])
      })
    })
  }
}

import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll } from 'vitest'
import { chromiumArguments, findChromium } from '../../../scripts/chromium.mjs'
import { giveLine, type Line } from './network'

/** How long anything that a page does may take on a busy machine, in ms. */
export const patience = 15_000

let browser: Awaited<ReturnType<typeof chromium.launch>>

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: await findChromium(), args: chromiumArguments })
})

afterAll(() => browser?.close())

/** A page in the eyes of its user. */
export interface VisitedPage {
  readonly page: Page
  /** What a user could hold against it: errors in its console, and requests to anywhere but this machine. */
  readonly complaints: string[]
}

/** A page whose network can be pulled. */
export interface PluggedPage extends VisitedPage {
  readonly line: Line
}

/** Opens an address in a browser profile of its own. */
export const visit = async (address: string, profile?: BrowserContextOptions): Promise<VisitedPage> =>
  open(await browser.newPage(profile), address)

/** The same, on a line that can be pulled. */
export const visitPlugged = async (address: string): Promise<PluggedPage> => {
  const page = await browser.newPage()
  const line = await giveLine(page)
  return { ...(await open(page, address)), line }
}

const open = async (page: Page, address: string): Promise<VisitedPage> => {
  page.setDefaultTimeout(patience)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    const isOurs = hostname === '127.0.0.1' || ['blob:', 'data:'].includes(protocol)
    if (!isOurs) complaints.push(`asked ${request.url()}`)
  })
  await page.goto(address)
  // As the QR code of the terminal has it: whoever follows it has nothing to type.
  if (address.includes('/#pair=')) await pairIn(page)
  return { page, complaints }
}

/** The same of a page that is not let in yet. */
export const doorOf = (page: Page) => ({
  title: page.getByRole('heading', { level: 1 }),
  code: page.getByRole('textbox', { name: 'Code' }),
  button: page.getByRole('button', { name: 'Pair' }),
  problem: page.locator('.door').getByRole('alert'),
})

/** Pairs with the code that stands there. */
const pairIn = async (page: Page): Promise<void> => {
  const { button, code } = doorOf(page)
  await button.click()
  await code.waitFor({ state: 'detached' })
}

/** Shows a folder, as if its address had been typed. */
export const showFolder = async (page: Page, folder: string): Promise<void> => {
  await page.evaluate((hash) => {
    window.location.hash = hash
  }, `#/${folder}`)
}

/** What a user of any of the pages sees and touches. */
export const partsOf = (page: Page) => ({
  peer: page.getByRole('status', { name: 'Peer' }),
  device: page.getByRole('status', { name: 'Device' }),
  /** Names of files and folders, from top to bottom. */
  names: page.locator('.file .name'),
  row: (name: string) => page.locator('.file .name').getByText(name, { exact: true }),
  breadcrumb: (name: string) =>
    page.getByRole('navigation', { name: 'Folder' }).getByRole('link', { name, exact: true }),
  download: (name: string) => page.getByRole('button', { name: `Download ${name}` }),
  progress: page.getByRole('progressbar'),
  cancel: page.getByRole('button', { name: 'Cancel' }),
  retry: page.getByRole('button', { name: 'Retry' }),
  alert: page.getByRole('alert'),
  chooser: page.locator('input[type=file]'),
  log: page.getByRole('log'),
})

/** The same of the device's name, its note, and who is looking. */
export const boardOf = (page: Page) => {
  const board = page.locator('section[aria-labelledby="board"]')
  const field = board.locator('form')
  return {
    board,
    heading: board.getByRole('heading', { level: 2 }),
    state: board.locator('header .aside'),
    name: board.getByRole('textbox', { name: 'Name' }),
    note: board.getByRole('textbox', { name: 'Note' }),
    save: board.getByRole('button', { name: 'Save' }),
    discard: board.getByRole('button', { name: 'Discard' }),
    takeTheirs: board.getByRole('button', { name: 'Take theirs' }),
    keepMine: board.getByRole('button', { name: 'Keep mine' }),
    problem: field.getByRole('alert'),
    lookers: board.getByRole('list', { name: 'Looking now' }).getByRole('listitem'),
  }
}

/** The same of its diagnosis. */
export const diagnosisOf = (page: Page) => ({
  summary: page.getByRole('heading', { name: 'Diagnose' }),
  servers: page.getByRole('textbox', { name: 'ICE servers' }),
  button: page.getByRole('button', { name: 'Diagnose' }),
  verdict: page.getByRole('status', { name: 'Diagnosis' }),
  /** What is said of a server or of a kind of candidate. */
  found: (name: string) =>
    page.locator('.findings li').filter({ has: page.locator('b').getByText(name, { exact: true }) }),
})

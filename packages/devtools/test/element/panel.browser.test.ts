import { action, createPeer, type Peer } from '@nanopeer/core'
import { createTestNetwork, type TestNetwork } from '@nanopeer/core/testing'
import axe from 'axe-core'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Locator, page, userEvent } from 'vitest/browser'
import '../../src/index'
import { theTool } from '../../src/record/tool'

const readFile = action.bytes<{ path: string }>('files.read')
const signIn = action<{ user: string; password: string }, string>('session.begin')

const patience = { timeout: 15_000, interval: 10 }
const eventually = <Result>(look: () => Result) => vi.waitFor(look, patience)

let network: TestNetwork
let device: Peer
let laptop: Peer

const element = () => {
  const found = document.querySelector('nanopeer-devtools')
  if (!found) throw new Error('There is no <nanopeer-devtools> on the page.')
  return found
}
const panel = () => page.getByRole('region', { name: 'nanopeer developer tools' })
const badge = () => page.getByRole('button', { name: /nanopeer developer tools/ })
const tab = (name: string) => page.getByRole('tab', { name })

/** Opens the panel, and one of its tabs. */
const open = async (name: string) => {
  if (!element().open) await badge().click()
  await tab(name).click()
  return page.getByRole('tabpanel', { name })
}

/** In a shadow root: the document only knows that the focus is somewhere in its host. */
const expectFocus = (locator: Locator) =>
  eventually(() => {
    const focused = locator.element()
    expect((focused.getRootNode() as ShadowRoot).activeElement).toBe(focused)
  })

beforeAll(async () => {
  network = createTestNetwork({ delay: 2, rate: 4_000_000 })
  const { transport } = network
  device = createPeer('device', { transport, accept: 'anyone' })
  device.handle(readFile, () => {
    const headers = { 'content-length': '4000000' }
    return new Response(new Uint8Array(4_000_000), { headers })
  })
  device.handle(signIn, ({ user }) => `welcome, ${user}`)
  device.handle('never', () => new Promise(() => {}))
  await device.open()
  laptop = createPeer('laptop', { transport, onError: () => {} })
  await laptop.open()
  laptop.connect('device')
  await eventually(() => expect(badge().query()).not.toBeNull())
})

afterEach(() => {
  element().open = false
})

afterAll(async () => {
  element().remove()
  await Promise.all([device.destroy(), laptop.destroy()])
})

describe('the badge', () => {
  test('opens the panel and gets the focus back when Escape closes it', async () => {
    await badge().click()
    await expect.element(panel(), patience).toBeVisible()
    await expectFocus(tab('Connections'))
    await userEvent.keyboard('{Escape}')
    await expect.element(panel(), patience).not.toBeInTheDocument()
    await expectFocus(badge())
  })

  test('says how many connections are linked', async () => {
    await expect
      .element(page.getByRole('button', { name: /2 of 2 connections linked/ }), patience)
      .toBeVisible()
  })
})

test('a second copy on the page shows nothing of its own and defines nothing again', async () => {
  const before = theTool()
  // Another address is another module: what two versions in one bundle come to.
  const again = '../../src/index?copy'
  await import(/* @vite-ignore */ again)
  expect(theTool()).toBe(before)
  expect(document.querySelectorAll('nanopeer-devtools')).toHaveLength(1)
})

test('nothing of the page’s styles gets in, and nothing of the panel’s gets out', async () => {
  const style = document.createElement('style')
  style.textContent = 'button { letter-spacing: 20px !important } * { text-transform: uppercase }'
  document.head.append(style)
  await open('Connections')
  const button = tab('Timeline').element()
  expect(getComputedStyle(button).letterSpacing).toBe('normal')
  expect(getComputedStyle(button).textTransform).toBe('none')
  style.remove()
  const outside = document.createElement('button')
  const lonely = getComputedStyle(document.body.appendChild(outside)).cursor
  expect(lonely).toBe('default')
  outside.remove()
})

describe('the keyboard', () => {
  test('goes through the tabs by arrow keys, round and round', async () => {
    await open('Connections')
    await userEvent.keyboard('{ArrowLeft}')
    await expectFocus(tab('Faults'))
    await expect.element(tab('Faults'), patience).toHaveAttribute('aria-selected', 'true')
    await userEvent.keyboard('{ArrowRight}')
    await expectFocus(tab('Connections'))
    await userEvent.keyboard('{End}')
    await expectFocus(tab('Faults'))
    await userEvent.keyboard('{Home}')
    await expectFocus(tab('Connections'))
  })
})

describe.each(['light', 'dark'] as const)('in %s colours', (theme) => {
  test.each(['Connections', 'Timeline', 'Requests', 'Handlers and limits', 'Faults'])(
    'axe finds nothing wrong with %s, wide and narrow',
    async (name) => {
      element().theme = theme
      await laptop.connect('device').request(signIn, { user: 'ada', password: 'x' })
      await open(name)
      for (const width of [1100, 380]) {
        await page.viewport(width, 700)
        const { violations } = await axe.run(element(), { resultTypes: ['violations'] })
        expect(
          violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        ).toEqual([])
      }
      await page.viewport(1100, 700)
      element().theme = null
    },
  )
})

describe('a request', () => {
  test('shows its input and answer, and a secret only when it is asked for', async () => {
    await laptop.connect('device').request(signIn, { user: 'ada', password: 'hunter2' })
    const view = await open('Requests')
    await view.getByRole('button', { name: 'ask session.begin' }).first().click()
    await expect.element(view.getByText('"welcome, ada"'), patience).toBeVisible()
    await expect.element(view.getByText('{ user: "ada", password: •••••• }'), patience).toBeVisible()
    await view.getByRole('button', { name: 'Show secrets' }).click()
    await expect.element(view.getByText('{ user: "ada", password: "hunter2" }'), patience).toBeVisible()
  })

  test('is aborted, and asked again', async () => {
    const failed = laptop
      .connect('device')
      .request('never')
      .catch((error: { code: string }) => error.code)
    const view = await open('Requests')
    await view.getByRole('button', { name: 'ask never' }).first().click()
    await view.getByRole('button', { name: 'Abort' }).click()
    expect(await failed).toBe('ABORTED')
    await view.getByRole('button', { name: 'Repeat' }).click()
    const running = () => [...(theTool()?.recorder.requests.running() ?? [])]
    await eventually(() => expect(running().some(({ action, end }) => action === 'never' && !end)).toBe(true))
    for (const record of running()) if (record.action === 'never') record.abort()
  })
})

test('a download that was resumed twice is one bar under three links', async () => {
  const connection = laptop.connect('device')
  theTool()?.recorder.clear()
  const view = await open('Timeline')
  const response = await connection.request(readFile, { path: 'long' })
  const downloaded = response.arrayBuffer()
  const first = connection.$status.value
  const number = first?.state === 'open' ? first.link : 0
  for (const link of [number + 1, number + 2]) {
    theTool()?.faults.drop('laptop', 'device')
    await eventually(() => expect(connection.$status.value).toMatchObject({ state: 'open', link }))
  }
  expect((await downloaded).byteLength).toBe(4_000_000)
  const picture = view.getByRole('img', { name: /^The last/ })
  await expect.element(picture, patience).toBeVisible()
  const titles = () =>
    [...picture.element().querySelectorAll('title')].map(({ textContent }) => textContent ?? '')
  await eventually(() =>
    expect(titles().filter((title) => title.startsWith('files.read: done'))).not.toEqual([]),
  )
  for (const link of [number, number + 1, number + 2]) {
    expect(titles().some((title) => title.startsWith(`link ${link},`))).toBe(true)
  }
  const ours = theTool()
    ?.recorder.requests.all()
    .filter(({ direction }) => direction === 'out')
  expect(ours).toHaveLength(1)
})

describe('the picture', () => {
  test('stands still while it is paused, and shows more or less time', async () => {
    const view = await open('Timeline')
    await view.getByRole('button', { name: 'Pause' }).click()
    await expect.element(view.getByText('30.0 s, paused'), patience).toBeVisible()
    const picture = view.getByRole('img', { name: /^The last/ })
    const ticks = () => picture.element().querySelector('.tick')?.textContent
    const before = ticks()
    await laptop.connect('device').request(signIn, { user: 'ada', password: 'x' })
    expect(ticks()).toBe(before)
    await view.getByRole('button', { name: 'Less time' }).click()
    await expect.element(view.getByText('15.0 s, paused'), patience).toBeVisible()
    await view.getByRole('button', { name: 'Earlier' }).click()
    await view.getByRole('button', { name: 'Go along with time' }).click()
    await expect.element(view.getByText('15.0 s', { exact: true }), patience).toBeVisible()
    await view.getByRole('button', { name: 'More time' }).click()
  })
})

describe('a connection', () => {
  test('is measured while the panel is open, and not held open by it', async () => {
    const { recorder } = theTool() ?? {}
    await open('Connections')
    const asker = createPeer('passer-by', { transport: network.transport, onError: () => {} })
    const connection = asker.connect('device')
    await connection.request(signIn, { user: 'ada', password: 'x' })
    await eventually(() => expect(connection.$stats.value?.links).toBe(1))
    await eventually(() => expect(connection.$status.value?.state).toBe('closed'))
    expect([...(recorder?.peers.values() ?? [])].some(({ id }) => id === 'passer-by')).toBe(true)
    await asker.destroy()
  })

  test('is closed and opened again by its buttons', async () => {
    const connection = laptop.connect('device')
    const view = await open('Connections')
    await view.getByRole('button', { name: 'device open' }).click()
    await view.getByRole('button', { name: 'Close connection' }).click()
    await eventually(() => expect(connection.$status.value?.state).toBe('closed'))
    await view.getByRole('button', { name: 'Reconnect' }).click()
    await eventually(() => expect(connection.$status.value?.state).toBe('open'))
  })

  test('is copied as text, or shown as text where the clipboard is closed', async () => {
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'))
    const view = await open('Connections')
    await view.getByRole('button', { name: 'device open' }).click()
    await view.getByRole('button', { name: 'Copy as text' }).click()
    await expect
      .element(view.getByRole('textbox'))
      .toHaveValue(expect.stringContaining('nanopeer: laptop → device'))
    write.mockResolvedValue(undefined)
    await view.getByRole('button', { name: 'Copy as text' }).click()
    await expect.element(view.getByRole('textbox'), patience).not.toBeInTheDocument()
    expect(write.mock.lastCall?.[0]).toContain('status: open')
    write.mockRestore()
  })
})

test('faults are set and mended by hand', async () => {
  const connection = laptop.connect('device')
  await eventually(() => expect(connection.$status.value?.state).toBe('open'))
  const view = await open('Faults')
  const row = view.getByRole('listitem').filter({ hasText: /laptop →\s+device/ })
  await row.getByRole('checkbox').click()
  await row.getByRole('button', { name: 'Drop the link' }).click()
  await eventually(() =>
    expect(connection.$status.value).toMatchObject({ state: 'reconnecting', retryAt: expect.any(Number) }),
  )
  await view.getByRole('button', { name: 'Mend everything' }).click()
  connection.reconnect()
  await eventually(() => expect(connection.$status.value?.state).toBe('open'))
})

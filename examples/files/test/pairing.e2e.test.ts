import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { start } from '../stack/start.mjs'
import { doorOf, partsOf, type VisitedPage, visit } from './browser'

const frameworks = ['react', 'vue', 'svelte'] as const

let shared: string
let state: string
let demo: Awaited<ReturnType<typeof start>>

beforeAll(async () => {
  process.env.DEVICE_QUIET = '1'
  shared = await realpath(await mkdtemp(join(tmpdir(), 'nanopeer-pairing-')))
  await writeFile(join(shared, 'note.txt'), 'A note')
  state = await mkdtemp(join(tmpdir(), 'nanopeer-device-'))
  demo = await start({ folder: shared, pagesPort: 0, signallingPort: 0, state })
})

afterAll(async () => {
  await demo?.stop()
  for (const folder of [shared, state]) await rm(folder, { recursive: true, force: true })
})

const paired = (): Promise<{ id: string; key: string }[]> => demo.device().ask('list')

describe.each(frameworks)('the %s page', (framework) => {
  let visited: VisitedPage
  let others: number

  beforeAll(async () => {
    others = (await paired()).length
    visited = await visit(demo.link(`${framework}/`))
  })

  afterAll(() => visited?.page.close())

  test('that is not paired says what to do, and is shown no file', async () => {
    const { title, button } = doorOf(visited.page)
    await title.getByText('This page is not paired with the device.').waitFor()
    expect(await button.isDisabled()).toBe(true)
    expect(await partsOf(visited.page).names.count()).toBe(0)
  })

  test('says what is wrong with a code, and what with a wrong one', async () => {
    const { code, button, problem } = doorOf(visited.page)
    await code.fill('482913 apple')
    await button.click()
    await problem.getByText('A pairing code has 6 digits and 2 words').waitFor()
    await demo.device().ask('pair')
    const shown = (await demo.device().ask('pair')).code as string
    await code.fill(`${shown.slice(0, 6)} ${shown.includes('zoo') ? 'zebra zone' : 'zoo zoo'}`)
    await button.click()
    await problem.getByText('The code is wrong, or spent.').waitFor()
  })

  test('is let in by the code, and by nothing the next time', async () => {
    const { code, button } = doorOf(visited.page)
    const { row, device } = partsOf(visited.page)
    await code.fill((await demo.device().ask('pair')).code.toUpperCase().replaceAll('-', ' '))
    await button.click()
    await row('note.txt').waitFor()
    expect(await paired()).toHaveLength(others + 1)
    await visited.page.reload()
    await row('note.txt').waitFor()
    await device.getByText('open').waitFor()
    expect(await code.count()).toBe(0)
  })

  test('is turned away at once when it is revoked, and let in again by a new code', async () => {
    const { title, code, button } = doorOf(visited.page)
    const { row } = partsOf(visited.page)
    const { key } = (await paired()).at(-1) as { key: string }
    await demo.device().ask('revoke', key)
    await title.getByText('The device does not let this page in any more.').waitFor()
    expect(await paired()).toHaveLength(others)
    await code.fill((await demo.device().ask('pair')).code)
    await button.click()
    await row('note.txt').waitFor()
  })

  test('logged no error, and asked nobody else', () => {
    expect(visited.complaints).toEqual([])
  })
})

test('a device that restarts knows its pages, and they know it', async () => {
  const { page } = await visit(await demo.invite('react/'))
  await partsOf(page).row('note.txt').waitFor()
  await demo.device().stop('SIGKILL')
  await demo.restartDevice()
  await page.reload()
  await partsOf(page).row('note.txt').waitFor()
  await page.close()
})

test('a device that was set up anew is taken for itself when somebody says so', async () => {
  const visits = await Promise.all(
    frameworks.map(async (framework) => visit(await demo.invite(`${framework}/`))),
  )
  for (const { page } of visits) await partsOf(page).row('note.txt').waitFor()
  await demo.device().stop()
  for (const name of await readdir(state)) await rm(join(state, name))
  await demo.restartDevice()
  for (const { page } of visits) {
    const { title, code, button } = doorOf(page)
    await page.reload()
    await title.getByText('The device has another key than this browser knows.').waitFor()
    await code.fill((await demo.device().ask('pair')).code)
    await button.click()
    await page.getByRole('button', { name: 'Yes, take the new key' }).click()
    await partsOf(page).row('note.txt').waitFor()
    await page.close()
  }
})

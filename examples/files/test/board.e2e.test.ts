import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { start } from '../stack/start.mjs'
import { boardOf, type PluggedPage, partsOf, patience, showFolder, visit, visitPlugged } from './browser'

const frameworks = ['react', 'vue', 'svelte'] as const
type Framework = (typeof frameworks)[number]

let shared: string
let demo: Awaited<ReturnType<typeof start>>
let visits: Record<Framework, PluggedPage>

beforeAll(async () => {
  process.env.DEVICE_QUIET = '1'
  shared = await realpath(await mkdtemp(join(tmpdir(), 'nanopeer-board-')))
  await mkdir(join(shared, 'album'))
  demo = await start({ folder: shared, pagesPort: 0, signallingPort: 0 })
  const opened = await Promise.all(
    frameworks.map(async (framework) => visitPlugged(await demo.invite(`${framework}/`))),
  )
  visits = Object.fromEntries(frameworks.map((name, index) => [name, opened[index]])) as typeof visits
})

afterAll(async () => {
  await Promise.all(Object.values(visits ?? {}).map(({ page }) => page.close()))
  await demo?.stop()
  await rm(shared, { recursive: true, force: true })
})

const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: patience, interval: 50 })

const boards = () => frameworks.map((framework) => boardOf(visits[framework].page))

/** Waits until every page shows this note. */
const noteOnAll = (note: string) =>
  eventually(async () => {
    expect(await Promise.all(boards().map((board) => board.note.inputValue()))).toEqual([note, note, note])
  })

describe.each(frameworks)('on the %s page', (framework) => {
  const here = () => boardOf(visits[framework].page)
  const there = () => boardOf(visits[frameworks[(frameworks.indexOf(framework) + 1) % 3] as Framework].page)

  test('a new name is the device’s, everywhere and in its log', async () => {
    const name = `Pier of ${framework}`
    await here().name.fill(name)
    await here().save.click()
    await here().save.waitFor({ state: 'detached' })
    for (const { heading } of boards()) await heading.getByText(name, { exact: true }).waitFor()
    const { log } = partsOf(visits[framework].page)
    await log.getByText(`this device is called “${name}” now`).waitFor()
  })

  test('a name that the device refuses is never seen by others, and stays to be put right', async () => {
    const { name, save, problem, discard, heading } = here()
    const before = await heading.textContent()
    await name.fill(' ')
    await save.click()
    await problem.getByText('A name has 1 to 40 characters.').waitFor()
    expect(await heading.textContent()).toBe(before)
    expect(await there().heading.textContent()).toBe(before)
    expect(await name.inputValue()).toBe(' ')
    await discard.click()
    await problem.waitFor({ state: 'detached' })
    expect(await name.inputValue()).toBe(before)
  })

  test('a note that somebody else has changed meanwhile is not written over', async () => {
    const mine = `mine, ${framework}`
    const theirs = `theirs, ${framework}`
    await here().note.fill(mine)
    await there().note.fill(theirs)
    await there().save.click()
    await here().problem.getByText(`Somebody else has changed this to “${theirs}”`).waitFor()
    expect(await here().note.inputValue()).toBe(mine)
    expect(await here().save.count()).toBe(0)
    await here().keepMine.click()
    await here().save.click()
    await noteOnAll(mine)
    await here().note.fill('never')
    await there().note.fill(theirs)
    await there().save.click()
    await here().takeTheirs.click()
    await noteOnAll(theirs)
  })

  test('a network that is pulled leaves what was last, and shows the truth when it is back', async () => {
    const { line } = visits[framework]
    const { state, note, save } = here()
    await state.getByText('live').waitFor()
    const before = await note.inputValue()
    await line.pull()
    await state.getByText('as it was last').waitFor()
    await there().note.fill(`written without ${framework}`)
    await there().save.click()
    await there().save.waitFor({ state: 'detached' })
    expect(await note.inputValue()).toBe(before)
    // What is saved meanwhile is compared when the line is back: it was made of an older note.
    await note.fill('made of what was last')
    await save.click()
    await state.getByText('to be saved').waitFor()
    await line.plugIn()
    await state.getByText('live').waitFor()
    await here()
      .problem.getByText(`Somebody else has changed this to “written without ${framework}”`)
      .waitFor()
    await here().takeTheirs.click()
    await noteOnAll(`written without ${framework}`)
  })
})

test('every page says that it is looking, and where; who leaves is taken off', async () => {
  const names = (framework: Framework) => boardOf(visits[framework].page).lookers.allTextContents()
  const sorted = async (framework: Framework) =>
    (await names(framework)).map((text) => text.replace(/\s+/g, ' ').trim()).sort()
  await showFolder(visits.vue.page, 'album')
  const all = ['React shared folder', 'Svelte shared folder', 'Vue album']
  for (const framework of frameworks)
    await eventually(async () => expect(await sorted(framework)).toEqual(all))
  const guest = await visit(await demo.invite('react/'))
  await eventually(async () => expect(await names('vue')).toHaveLength(4))
  await guest.page.close()
  await eventually(async () => expect(await sorted('svelte')).toEqual(all))
  expect(guest.complaints).toEqual([])
})

test('a device that restarts is told again who is looking, and its own name is the one that counts', async () => {
  await demo.device().stop('SIGKILL')
  await boardOf(visits.react.page).state.getByText('as it was last').waitFor()
  await demo.restartDevice()
  for (const { heading, lookers } of boards()) {
    await heading.getByText('Lighthouse', { exact: true }).waitFor({ timeout: 2 * patience })
    await eventually(async () => expect(await lookers.count()).toBe(3))
  }
})

test('nobody was asked but this machine, and no error was logged', () => {
  expect(Object.values(visits).flatMap(({ complaints }) => complaints)).toEqual([])
})

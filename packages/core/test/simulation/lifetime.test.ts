import { expect, test } from 'vitest'
import {
  createConnectionViews,
  createRequestViews,
  createSubscriptionViews,
  type View,
} from '../../src/adapter'
import type { Connection, Peer } from '../../src/index'
import { flightsOf } from '../../src/request/flight'
import { turns } from '../support/pair'
import { createWorld } from '../support/world'
import { Random } from './random'

const { SEED, SEEDS } = process.env
const first = SEED === undefined ? 1 : Number(SEED)
const count = SEED === undefined ? Number(SEEDS ?? 40) : 1

const remotes = ['nas', 'tv'] as const
const paths = ['/a', '/b'] as const

interface Wanted {
  readonly remote: string
  readonly path: string
}

/** A component with three hooks, in no framework's words: mounted, hidden, and given other arguments. */
class Screen {
  private readonly connections = createConnectionViews()
  private readonly requests = createRequestViews<string>()
  private readonly subscriptions = createSubscriptionViews<string>()
  private undo: (() => void)[] = []
  isShown = false

  constructor(
    private readonly laptop: Peer,
    public wanted: Wanted,
  ) {}

  get views() {
    const { remote, path } = this.wanted
    const status = this.connections.view(this.laptop, remote)
    const connection = status.value.connection as Connection
    const request = this.requests.view(connection, 'list', { path })
    const events = this.subscriptions.view(connection, 'follow', { path })
    return { connection, status, request, events }
  }

  show(): void {
    const { status, request, events } = this.views
    // What is about to be held is never seen as over.
    expect(status.value.status === 'closed' && status.value.retryAt === null).toBe(false)
    expect(request.value.status).not.toBe('idle')
    const before = this.undo
    this.undo = [status, request, events].map(($view: View<unknown>) => $view.listen(() => {}))
    for (const unlisten of before) unlisten()
    this.isShown = true
  }

  hide(): void {
    for (const unlisten of this.undo.splice(0)) unlisten()
    this.isShown = false
  }
}

const play = async (seed: number): Promise<void> => {
  const random = new Random(seed)
  const { clock, net, create, state } = createWorld()
  const reconnect = { minDelay: 50, maxDelay: 400, resumeTimeout: 2000 }
  const laptop = create('laptop', { reconnect })
  const devices = new Map<string, Peer>()
  /** What runs at the devices now, by question. */
  const running: string[] = []
  let incarnation = 0

  const start = (id: string) => {
    const device = create(id, { accept: 'anyone', reconnect })
    const age = ++incarnation
    const begin = (question: string, signal: AbortSignal) => {
      running.push(question)
      const end = () => {
        const index = running.indexOf(question)
        if (index >= 0) running.splice(index, 1)
      }
      signal.addEventListener('abort', end)
      return end
    }
    device.handle('list', async ({ path }, { signal }) => {
      const end = begin(`list ${id} ${path}`, signal)
      await new Promise<void>((resolve) => clock.after(random.between(0, 300), resolve))
      end()
      return `${path} of ${age}`
    })
    device.handle('follow', async function* ({ path }, { signal }) {
      const end = begin(`follow ${id} ${path}`, signal)
      try {
        const left = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        while (!signal.aborted) {
          yield `${path} of ${age}`
          await Promise.race([left, new Promise<void>((resolve) => clock.after(200, resolve))])
        }
      } finally {
        end()
      }
    })
    device.open().catch(() => {})
    devices.set(id, device)
    return age
  }
  const ages = new Map(remotes.map((id) => [id as string, start(id)]))

  const wish = (): Wanted => ({ remote: random.pick(remotes), path: random.pick(paths) })
  const screens = Array.from({ length: 5 }, () => new Screen(laptop, wish()))
  const pass = async (ms: number) => {
    await clock.advance(ms)
    // Holders are judged by the page's own tasks.
    await turns(2)
  }

  for (let step = 0; step < 40; step++) {
    const screen = random.pick(screens)
    const remote = random.pick(remotes)
    const act = random.between(0, 9)
    if (act <= 2) screen.show()
    else if (act <= 4) screen.hide()
    else if (act <= 6) {
      screen.wanted = wish()
      if (screen.isShown) screen.show()
    } else if (act === 7) net.cut('laptop', remote)
    else if (act === 8) net.heal('laptop', remote)
    else {
      const gone = devices.get(remote)?.destroy()
      await clock.advance(random.between(0, 1500))
      await gone
      ages.set(remote, start(remote))
    }
    if (random.chance(0.5)) screen.views.request.value.refetch().catch(() => expect.unreachable())
    await pass(random.chance(0.3) ? random.between(0, 3000) : 0)
  }

  for (const remote of remotes) net.heal('laptop', remote)
  await pass(60_000)
  await pass(1000)
  const shown = screens.filter(({ isShown }) => isShown)
  for (const { views, wanted } of shown) {
    expect(views.status.value.status).toBe('open')
    const answer = `${wanted.path} of ${ages.get(wanted.remote)}`
    expect(views.request.value).toMatchObject({ status: 'success', data: answer, isFetching: false })
    expect(views.events.value).toMatchObject({ status: 'active', data: answer })
  }
  // One series for each question that is shown, and one flight.
  const questions = [...new Set(shown.map(({ wanted }) => `follow ${wanted.remote} ${wanted.path}`))].sort()
  expect([...running].sort()).toEqual(questions)
  const held = new Set(shown.map(({ views }) => views.connection))
  for (const connection of held) {
    const asked = shown
      .filter(({ views }) => views.connection === connection)
      .map(({ wanted }) => wanted.path)
    expect(flightsOf(connection, 'list')).toHaveLength(new Set(asked).size)
  }
  expect(laptop.$connections.value).toEqual(expect.arrayContaining([...held]))
  expect(laptop.$connections.value).toHaveLength(held.size)

  const all = screens.map(({ views }) => views.connection)
  for (const screen of screens) screen.hide()
  await pass(0)
  await pass(10_000)
  expect([state(laptop), running, laptop.$connections.value]).toEqual(['idle', [], []])
  for (const connection of all) expect(flightsOf(connection, 'list')).toEqual([])
}

test(`what screens show and hold is what they want, whatever happens (${count} seeds)`, {
  timeout: 60_000 + count * 1000,
}, async () => {
  for (let seed = first; seed < first + count; seed++) {
    await play(seed).catch((error: Error) => {
      error.message = `seed ${seed}: ${error.message}`
      throw error
    })
  }
})

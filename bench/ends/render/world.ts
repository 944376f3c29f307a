/** What hooks render for, on a network in memory: how often is no matter of the path. */
import { action, createPeer, type PeerOptions } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'

export const list = action<void, string>('list')
export const flood = action.events<{ events: number; ms: number }, number>('flood')

export const ids: readonly string[] = Array.from({ length: 50 }, (_, index) => `device-${index}`)
export const flooding = { events: 10_000, ms: 3000 } as const
export const countEvents = (seen = 0) => seen + 1

/** What a framework shows, into the element, until the undo is called; it tells of every commit of a component by its name. */
export interface Framework {
  /** The names `peer`, `connection` and `request`: a hook each. */
  hooks(target: HTMLElement, options: PeerOptions): () => void
  /** A list of all {@link ids}: each by its id, and `around` for the list itself. */
  rows(target: HTMLElement, options: PeerOptions): () => void
  /** `flood`: how many events there were, in an element with that id. */
  flood(target: HTMLElement, options: PeerOptions): () => void
}

const commits = new Map<string, number>()

/** One more commit of a component. Gives back what it shows. */
export const count = <Shown>(name: string, shown?: Shown): Shown | undefined => {
  commits.set(name, (commits.get(name) ?? 0) + 1)
  return shown
}

const of = (name: string) => commits.get(name) ?? 0
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Starts devices, shows something until it stands still, and counts. */
async function show(devices: readonly string[], what: Framework[keyof Framework], ms = 500) {
  const options: PeerOptions = { transport: createTestNetwork().transport }
  const peers = await Promise.all(
    devices.map(async (id) => {
      const device = createPeer(id, { ...options, accept: 'anyone' })
      device.handle(list, () => 'files')
      device.handle(flood, async function* ({ events, ms: time }) {
        const begin = performance.now()
        for (let event = 0; event < events; event++) {
          if (event % 100 === 0) await wait(Math.max(0, begin + (time * event) / events - performance.now()))
          yield event
        }
      })
      await device.open()
      return device
    }),
  )
  commits.clear()
  const target = document.getElementById('root') as HTMLElement
  const leave = what(target, options)
  await wait(ms)
  return async () => {
    leave()
    await Promise.all(peers.map((peer) => peer.destroy()))
  }
}

/** What is counted of one framework. */
export const countsOf = (framework: Framework) => ({
  /** Commits until each hook shows what is open or answered. */
  async hooks(): Promise<{ peer: number; connection: number; request: number }> {
    const end = await show(['nas'], framework.hooks)
    const found = { peer: of('peer'), connection: of('connection'), request: of('request') }
    await end()
    return found
  },
  /** Commits of fifty rows: the most of one, and of what is around them; and what is committed in a second of rest. */
  async rows(): Promise<{ row: number; around: number; idle: number }> {
    const end = await show(ids, framework.rows, 1000)
    const around = of('around')
    const row = Math.max(...ids.map(of))
    commits.clear()
    await wait(1000)
    const idle = [...commits.values()].reduce((sum, each) => sum + each, 0)
    await end()
    return { row, around, idle }
  },
  /** Commits per second of a component that follows 10,000 events in 3 s, and the longest that the page stood still, ms. */
  async flood(): Promise<{ perSecond: number; longest: number }> {
    let longest = 0
    let last = performance.now()
    const look = () => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
      frame = requestAnimationFrame(look)
    }
    const end = await show(['nas'], framework.flood, 200)
    last = performance.now()
    let frame = requestAnimationFrame(look)
    const begin = performance.now()
    while (document.getElementById('flood')?.textContent !== `ended ${flooding.events}`) await wait(10)
    const perSecond = of('flood') / ((performance.now() - begin) / 1000)
    cancelAnimationFrame(frame)
    await end()
    return { perSecond, longest }
  },
})

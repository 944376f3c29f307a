/** A hostile page: the attacker of the tests, at work for as long as the clock runs. */
import { systemClock } from '../../packages/core/src/clock'
import { peerjsTransport } from '../../packages/core/src/signalling/peerjs-transport'
import { Mallory, type Until } from '../../packages/core/test/hostile/mallory'
import type { Meeting } from './contestant'
import { type FloodName, floods, type Scene, type Wave } from './floods'

const pass = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const until: Until = async (condition, what) => {
  for (const end = performance.now() + 10_000; !condition(); await pass(4)) {
    if (performance.now() > end) throw new Error(`Waited for ${what}.`)
  }
}

const ready = new Map<FloodName, Wave>()
const mallories: Mallory[] = []

const bench = {
  names: (): FloodName[] => Object.keys(floods) as FloodName[],
  /** Gets a flood ready: links that it needs are open then, because later the device may know better. */
  async prepare(name: FloodName, meeting: Meeting): Promise<void> {
    const options = { server: { ...meeting.peerServer, secure: false }, iceServers: [] }
    const scene: Scene = {
      meeting,
      pass,
      async join() {
        const id = `mallory-${crypto.randomUUID()}`
        const mallory = await Mallory.join(peerjsTransport, id, systemClock, until, options)
        mallories.push(mallory)
        return mallory
      },
    }
    ready.set(name, await floods[name](scene))
  },
  /** Floods for so many ms; returns how many waves there were. What the device does to the flood is its right. */
  async flood(name: FloodName, duration: number): Promise<number> {
    const wave = ready.get(name)
    if (!wave) throw new Error(`The flood ${name} is not ready.`)
    let waves = 0
    for (const end = performance.now() + duration; performance.now() < end; waves++) {
      await wave().catch(() => pass(10))
    }
    return waves
  },
  async leave(): Promise<void> {
    await Promise.all(mallories.splice(0).map((mallory) => mallory.leave()))
  },
}

export type MalloryCommands = typeof bench

Object.assign(globalThis, { bench })

/** A hostile page: the attacker of the tests, at work for as long as the clock runs. */
import { systemClock } from '../../packages/core/src/base/clock'
import { carryEngine } from '../../packages/core/src/engine/carry'
import { createPeerjsTransport } from '../../packages/core/src/peer/peerjs-transport'
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
/** Who takes part in which flood. */
const mallories = new Map<FloodName, Mallory[]>()

const transport = carryEngine(createPeerjsTransport({ isSupported: () => true }))

const bench = {
  names: (): FloodName[] => Object.keys(floods) as FloodName[],
  /** Gets a flood ready: links that it needs are open then, because later the device may know better. */
  async prepare(name: FloodName, meeting: Meeting): Promise<void> {
    const options = { server: { ...meeting.signalling, secure: false }, iceServers: [] }
    mallories.set(name, [])
    const scene: Scene = {
      meeting,
      pass,
      async join() {
        const id = `mallory-${crypto.randomUUID()}`
        const mallory = await Mallory.join(transport, id, systemClock, until, options)
        mallories.get(name)?.push(mallory)
        return mallory
      },
    }
    ready.set(name, await floods[name](scene))
  },
  /** Floods for so many ms, and leaves; returns how many waves there were. A wave may well be refused. */
  async flood(name: FloodName, duration: number): Promise<number> {
    const wave = ready.get(name)
    if (!wave) throw new Error(`The flood ${name} is not ready.`)
    let waves = 0
    for (const end = performance.now() + duration; performance.now() < end; waves++) {
      await wave().catch(() => pass(10))
    }
    await Promise.all((mallories.get(name) ?? []).map((mallory) => mallory.leave()))
    return waves
  },
}

export type MalloryCommands = typeof bench

Object.assign(globalThis, { bench })

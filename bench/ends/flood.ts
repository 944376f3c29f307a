/** What floods are made of: each repeats a wave for as long as it is told to. */
import type { Mallory, MalloryLink } from '../../packages/core/test/hostile/mallory'
import type { Meeting } from './contestant'

export type Message = Uint8Array<ArrayBuffer>

/** Where a flood happens. */
export interface Scene {
  readonly meeting: Meeting
  /** Somebody new: ids cost nothing. */
  join(name?: string): Promise<Mallory>
  /** Where the device can be paired with now; null while it has no code yet. */
  rendezvous(): Promise<string | null>
  pass(ms: number): Promise<void>
}

/** One wave; called again as soon as it is through. */
export type Wave = () => Promise<void>

/** Gets ready, and returns the wave. */
export type Flood = (scene: Scene) => Promise<Wave>

/** More than this is not put into a channel at once: an attacker that drowns does not attack. */
export const highWater = 512 * 1024

/** Messages over a link that is served, as fast as the path takes them. A link that the device closes is replaced. */
export const overLink =
  (wave: () => Message | readonly Message[], before: () => Message | null = () => null): Flood =>
  async ({ join, meeting, pass }) => {
    const enter = async (): Promise<MalloryLink> => {
      const link = await (await join()).enter(meeting.deviceId)
      const first = before()
      if (first) link.raw(first)
      return link
    }
    let link = await enter()
    return async () => {
      if (link.isClosed) link = await enter()
      for (const message of [wave()].flat()) {
        link.raw(message)
        while (!link.isClosed && link.link.bufferedAmount > highWater) await pass(1)
      }
    }
  }

/** Links whose first words the device closes them for; several at once, and a new id after each. */
export const overDials =
  (wave: Message | (() => Promise<Message>), atOnce = 4): Flood =>
  async ({ join, meeting }) =>
  async () => {
    const mallory = await join()
    const dial = async () => {
      const link = await mallory.dial(meeting.deviceId, undefined, 1000)
      link.raw(typeof wave === 'function' ? await wave() : wave)
      await link.closed()
    }
    await Promise.allSettled(Array.from({ length: atOnce }, dial))
    await mallory.leave()
  }

let stream = 0
/** As many stream ids as nobody has used yet. */
export const streams = (count: number): number[] =>
  Array.from({ length: count }, () => {
    stream += 2
    return stream
  })

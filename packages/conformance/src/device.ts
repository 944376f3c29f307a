import { ActionError, createPeer, type Peer } from '@nanopeer/core'
import { fail, follow, list, read, watch, write } from './actions'
import type { World } from './world'

/** A device that tells what it was asked, and waits where it is told to. */
export interface Device {
  readonly id: string
  readonly peer: Peer
  /** Paths of `list`, in the order in which they were asked. */
  readonly asked: readonly string[]
  /** Paths of `list`, topics of `follow` and cameras of `watch` whose asker gave up or was lost while the handler ran. */
  readonly aborted: readonly string[]
  /** Topics of `follow`, in the order in which they were asked. */
  readonly followed: readonly string[]
  /** Cameras of `watch`, in the order in which they were asked for. */
  readonly watched: readonly string[]
  /** The last one is unplugged. */
  unplug(): void
  /** From now on answers wait. */
  hold(): void
  release(): void
  /** Sends an event to all who follow; null ends the series. */
  emit(event: number | null): void
  /** Ends, and begins again under the same id, knowing nothing. */
  restart(): Promise<void>
}

const chunk = 65_536

/** Starts a device that is open when this resolves. */
export async function startDevice(world: World, id = world.id('device')): Promise<Device> {
  const asked: string[] = []
  const aborted: string[] = []
  const followed: string[] = []
  const watched: string[] = []
  let camera: MediaStreamTrack | undefined
  const followers = new Set<(event: number | null) => void>()
  let gate = Promise.resolve()
  let release = () => {}

  const start = async () => {
    const peer = createPeer(id, { ...world.options, accept: 'anyone' })
    world.opened(peer)
    peer.handle(list, async ({ path }, { signal }) => {
      asked.push(path)
      signal.addEventListener('abort', () => aborted.push(path))
      const count = asked.length
      await gate
      return `${path} #${count}`
    })
    peer.handle(fail, ({ how }) => {
      if (how === 'folder') throw new ActionError(404, 'No such folder', { path: '/' })
      throw new TypeError('a bug')
    })
    peer.handle(read, ({ size }) => {
      let sent = 0
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          if (sent >= size / 2) await gate
          const next = Math.min(chunk, size - sent)
          sent += next
          if (next > 0) controller.enqueue(new Uint8Array(next))
          else controller.close()
        },
      })
      return new Response(body, { headers: { 'content-length': `${size}` } })
    })
    peer.handle(write, async (_input, { body }) => {
      let size = 0
      const reader = body?.getReader()
      for (;;) {
        const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
        if (done) return size
        size += value?.length ?? 0
        await gate
      }
    })
    peer.handle(follow, async function* ({ topic }, { signal }) {
      const waiting: (number | null)[] = []
      let wake = () => {}
      const hear = (event: number | null) => {
        waiting.push(event)
        wake()
      }
      followed.push(topic)
      followers.add(hear)
      signal.addEventListener('abort', () => {
        aborted.push(topic)
        hear(null)
      })
      try {
        for (;;) {
          const event = waiting.shift()
          if (event === null) return
          if (event !== undefined) yield event
          else {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
        }
      } finally {
        followers.delete(hear)
      }
    })
    peer.handle(watch, (input, { signal }) => {
      watched.push(input.camera)
      signal.addEventListener('abort', () => aborted.push(input.camera))
      const canvas = document.createElement('canvas')
      canvas.getContext('2d')
      const stream = canvas.captureStream()
      camera = stream.getVideoTracks()[0]
      return stream
    })
    await peer.open()
    return peer
  }

  let peer = await start()
  return {
    id,
    get peer() {
      return peer
    },
    asked,
    aborted,
    followed,
    watched,
    unplug() {
      camera?.stop()
      camera?.dispatchEvent(new Event('ended'))
    },
    hold() {
      gate = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => release(),
    emit(event) {
      for (const hear of [...followers]) hear(event)
    },
    async restart() {
      await peer.destroy()
      peer = await start()
    },
  }
}

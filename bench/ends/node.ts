/** The end in a Node process, one contestant to a process: the harness talks to it over the process's channel. */
import { createPeer } from '@nanopeer/node'
import { createCommands } from './commands'
import type { Contestant } from './contestant'
import { nanopeerWith, undecidedWith } from './nanopeer'
import { installGlobals } from './node-globals'
import { nodeRaw } from './node-raw'
import { storeDevice } from './store-device'

/** PeerJS looks for WebRTC in the global scope when it is loaded, so that has to come first. */
const nodePeerjs: Contestant = {
  async answer(meeting) {
    const { peerjs } = await import('./peerjs')
    return peerjs('json').answer(meeting)
  },
  async ask(meeting) {
    const { peerjs } = await import('./peerjs')
    return peerjs('json').ask(meeting)
  },
}

/** The same, asking a nanopeer device. */
const nodePeerjsEnvelope: Contestant = {
  answer: () => Promise.reject(new Error('This contestant only asks.')),
  async ask(meeting) {
    const { peerjsEnvelope } = await import('./peerjs-envelope')
    return peerjsEnvelope.ask(meeting)
  },
}

const [contestant] = process.argv.slice(2)
if (contestant !== 'nanopeer') await installGlobals()

const commands = {
  ...createCommands({
    nanopeer: nanopeerWith(createPeer),
    'nanopeer-undecided': undecidedWith(createPeer),
    raw: nodeRaw,
    'peerjs-json': nodePeerjs,
    'peerjs-envelope': nodePeerjsEnvelope,
  }),
  ...storeDevice,
  /** Live bytes after a forced collection: JavaScript's heap and the buffers outside it; and the whole process. */
  async memory() {
    // Finalizers of one collection free what the next one finds.
    for (let round = 0; round < 3; round++) {
      globalThis.gc?.()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const { heapUsed, external, rss } = process.memoryUsage()
    return { live: heapUsed + external, rss }
  },
  /** What the process has used of a processor so far, ms. */
  processor() {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

export type NodeCommands = typeof commands

interface Call {
  readonly id: number
  readonly command: keyof NodeCommands
  readonly values: readonly unknown[]
}

process.on('message', async ({ id, command, values }: Call) => {
  try {
    const run = commands[command] as (...values: readonly unknown[]) => unknown
    process.send?.({ id, result: (await run(...values)) ?? null })
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.stack : String(error) })
  }
})
process.once('disconnect', () => process.exit())
process.send?.({ ready: true })

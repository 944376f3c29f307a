import { randomUUID } from 'node:crypto'
import { generateSecret } from '@nanopeer/core'
import { type Browser, chromium } from 'playwright-core'
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs'
import type { BulkSettings, Meeting } from '../ends/contestant'
import { type Child, startChild } from './child'
import { dial } from './dial'
import { type End, openPage, type PageEnd } from './end'
import { startWebServer, type WebServer } from './web-server'

/** One contestant, dialled and answered. */
export interface Pair {
  /** What the asking end calls it. */
  readonly handle: string
  close(): Promise<void>
}

/** The two ends of a measurement: pages, each in a process of its own. */
export interface Ends {
  readonly asker: PageEnd
  readonly device: PageEnd
}

type Connect = (
  ends: Pick<Ends, 'asker'> & { device: End },
  contestant: string,
  bulk?: BulkSettings,
) => Promise<Pair>

/** What scenarios work with. */
export interface Bench {
  readonly browser: Browser
  readonly server: WebServer
  /** Less of everything, for a run of a few minutes. */
  readonly quick: boolean
  /** How often each contestant has its turn. */
  readonly rounds: number
  /** A device id that nobody has met yet. */
  meeting(bulk?: BulkSettings): Meeting
  /** Opens two fresh pages, and closes them when `use` is done. */
  withEnds<Outcome>(use: (ends: Ends) => Promise<Outcome>): Promise<Outcome>
  /** Connects a contestant at these ends. */
  readonly connect: Connect
  /** The same, where the ends meet elsewhere. */
  connectBy(meeting: Bench['meeting']): Connect
  /** Counts what the signalling server takes, until it is stopped: the most messages in one second. */
  watchSignalling(): { stop(): number }
  /** Says on standard error what is going on. */
  say(text: string): void
  stop(): Promise<void>
}

const usualBulk: BulkSettings = { message: 64 * 1024, highWater: 1024 * 1024 }

/** Starts Chromium, a signalling server, and what serves the pages. */
export async function startBench({ quick, say }: Pick<Bench, 'quick' | 'say'>): Promise<Bench> {
  const signalling = await startChild<number>('./harness/signalling-server.worker.mjs')
  const server = await startWebServer('127.0.0.1', new URL('.', import.meta.url))
  const executablePath = await findChromium()
  const browser = await chromium.launch({ executablePath, args: chromiumArguments })

  const secret = generateSecret()

  const bench: Bench = {
    browser,
    server,
    quick,
    rounds: quick ? 4 : 7,
    say,
    meeting: (bulk = usualBulk) => ({
      deviceId: `device-${randomUUID()}`,
      signalling: { host: '127.0.0.1', port: signalling.ready, path: '/' },
      relay: server.relay,
      secret,
      bulk,
    }),
    async withEnds(use) {
      const [asker, device] = await Promise.all([openPage(browser, server), openPage(browser, server)])
      try {
        return await use({ asker, device })
      } finally {
        await Promise.all([asker.stop(), device.stop()])
      }
    },
    connect: (ends, contestant, bulk) => connectBy(bench.meeting)(ends, contestant, bulk),
    connectBy,
    watchSignalling: () => watchMessages(signalling),
    async stop() {
      await browser.close()
      server.stop()
      await signalling.stop()
    },
  }
  return bench
}

/** Looks ten times a second. */
function watchMessages(signalling: Child<number>): { stop(): number } {
  const counts: number[] = []
  signalling.onMessage((message) => counts.push((message as { received: number }).received))
  const timer = setInterval(() => signalling.send({}), 100)
  return {
    stop() {
      clearInterval(timer)
      return Math.max(0, ...counts.slice(10).map((count, index) => count - (counts[index] ?? 0)))
    },
  }
}

const connectBy =
  (meetingOf: Bench['meeting']): Connect =>
  async ({ asker, device }, contestant, bulk) => {
    const meeting = meetingOf(bulk)
    const handle = `${contestant} ${meeting.deviceId}`
    await device.tell('answer', contestant, meeting)
    await asker.tell('ask', handle, contestant, meeting)
    await dial(asker, handle)
    return {
      handle,
      async close() {
        await asker.tell('close', handle)
        await device.tell('close', meeting.deviceId)
      },
    }
  }

import type { Page } from 'playwright-core'

/** A page's line to everything else. */
export interface Line {
  /** Nothing of WebRTC gets in or out any more, and nobody is told: as when a cable is pulled at a router. */
  pull(): Promise<void>
  plugIn(): Promise<void>
}

/**
 * Chromium drops packets only of connections that it has emulated a network for from their beginning, and only where
 * something besides the loss is emulated: a line that is otherwise as good as none. No throughput, however high: with one
 * half of the pages took 5 to 30 s to load their files where three loaded at once.
 */
const goodLine = {
  offline: false,
  latency: 1,
  downloadThroughput: -1,
  uploadThroughput: -1,
  packetQueueLength: 1000,
}

/** Puts a page on a line of its own; before it goes anywhere. */
export const giveLine = async (page: Page): Promise<Line> => {
  const session = await page.context().newCDPSession(page)
  await session.send('Network.enable')
  const lose = async (packetLoss: number) => {
    await session.send('Network.emulateNetworkConditions', { ...goodLine, packetLoss })
  }
  await lose(0)
  return { pull: () => lose(100), plugIn: () => lose(0) }
}

import type { BulkSettings } from './contestant'
import { pieces } from './payload'

/** Writes bulk to a channel as fast as it takes it, holding no more than its high water. */
export class RawWriter {
  constructor(
    private readonly channel: RTCDataChannel,
    private readonly bulk: BulkSettings,
  ) {
    // Half of it is left when the next messages are made, so that the channel never runs dry.
    channel.bufferedAmountLowThreshold = bulk.highWater / 2
  }

  async write(size: number): Promise<void> {
    const { channel, bulk } = this
    for (const piece of pieces(size, bulk.message)) {
      if (channel.bufferedAmount + piece.length > bulk.highWater && channel.bufferedAmount > 0) {
        await lowWater(channel)
      }
      channel.send(piece)
    }
  }
}

/** Resolves when the channel says that it holds little enough. */
export function lowWater(channel: RTCDataChannel): Promise<void> {
  return new Promise((resolve) => {
    channel.addEventListener('bufferedamountlow', () => resolve(), { once: true })
  })
}

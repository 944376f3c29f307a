import type { BulkSettings } from './contestant'

/** Writes bulk to a channel as fast as it takes it, holding no more than its high water. */
export class RawWriter {
  constructor(
    private readonly channel: RTCDataChannel,
    private readonly bulk: BulkSettings,
  ) {
    // Half of it is left when the next messages are made, so that the channel never runs dry; less where a message needs
    // more room than that, or there would be none when the channel says so, and it says so only once.
    channel.bufferedAmountLowThreshold = Math.min(bulk.highWater / 2, bulk.highWater - bulk.message)
  }

  /** @param source pieces of at most the settings' message; another writer may take some of them */
  async write(source: Iterable<Uint8Array<ArrayBuffer>>): Promise<void> {
    const { channel, bulk } = this
    for (const piece of source) {
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

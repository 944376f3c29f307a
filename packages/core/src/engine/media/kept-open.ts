import type { TrackConnection } from '../../base/transport'

/**
 * A link's connection, which closes when it is told to and nothing of it is shown any more. Closing it ends its tracks, and
 * Chromium puts black in the place of one that has ended, where the last picture is to stay until the next link has others.
 */
export class KeptOpen {
  /** It was told to. */
  private isDue = false
  private readonly closeNow: () => void

  /**
   * @param isShown whether a receiver's track is
   * @param closed called when it is closed
   */
  constructor(
    private readonly connection: TrackConnection,
    private readonly isShown: (track: MediaStreamTrack) => boolean,
    closed: () => void,
  ) {
    const { close } = connection
    this.closeNow = () => {
      connection.close = close
      connection.close()
      closed()
    }
    // Whoever closes it: the link does, and PeerJS by itself when the path is lost.
    connection.close = () => {
      this.isDue = true
      this.look()
      if (connection.close === close) return
      // Should the way come back, nothing travels on it any more.
      for (const { sender } of connection.getTransceivers()) sender.replaceTrack(null).catch(() => {})
    }
  }

  /** What is shown has changed. */
  look(): void {
    const isShown = this.connection.getTransceivers().some(({ receiver }) => this.isShown(receiver.track))
    if (this.isDue && !isShown) this.closeNow()
  }
}

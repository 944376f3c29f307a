import type { Clock } from '../../base/clock'

/** Where channels live. */
export interface Environment {
  readonly clock: Clock
  /**
   * Whether a data channel says `close` as soon as it is asked to, while the remote still lacks what was sent before
   * (libdatachannel). Browsers say it when the remote has acknowledged.
   */
  readonly closesEarly: boolean
}

/**
 * Quiet time between the last message and the end, in ms: where libdatachannel hears of the end before it has handed
 * the last messages on, it drops them.
 */
const quietTime = 50

/**
 * Closes a data channel so that nothing sent before is lost: waits until the buffer is empty, then lets SCTP close
 * the stream, which the remote acknowledges only after everything before it has arrived.
 * Source: https://www.rfc-editor.org/rfc/rfc8831#section-6.7
 *
 * @param timeout - ms after which it gives up.
 */
export const drainChannel = (
  channel: RTCDataChannel,
  peerConnection: RTCPeerConnection,
  { clock, closesEarly }: Environment,
  timeout: number,
): Promise<void> =>
  new Promise((resolve) => {
    let cancelPoll = () => {}
    const finish = () => {
      cancelTimeout()
      cancelPoll()
      channel.removeEventListener('close', onClose)
      peerConnection.removeEventListener('connectionstatechange', onStateChange)
      resolve()
    }
    // The remote ends its connection when it sees the channel closed, and it sees that last.
    const onStateChange = () => {
      if (peerConnection.connectionState !== 'connected') finish()
    }
    const onClose = () => {
      if (closesEarly) onStateChange()
      else finish()
    }
    // Polled as well: not every implementation reports `bufferedamountlow`, and the session owns its threshold.
    const closeWhenEmpty = () => {
      if (channel.bufferedAmount === 0) cancelPoll = clock.after(quietTime, () => channel.close())
      else cancelPoll = clock.after(5, closeWhenEmpty)
    }
    const cancelTimeout = clock.after(timeout, finish)
    channel.addEventListener('close', onClose)
    peerConnection.addEventListener('connectionstatechange', onStateChange)
    if (channel.readyState === 'open') closeWhenEmpty()
    else if (channel.readyState === 'closed') finish()
  })

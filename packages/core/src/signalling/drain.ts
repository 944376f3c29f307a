import type { Clock } from '../clock'

/**
 * Closes a data channel so that nothing sent before is lost: waits until the buffer is empty, then lets SCTP close
 * the stream, which the remote acknowledges only after everything before it has arrived.
 * Source: https://www.rfc-editor.org/rfc/rfc8831#section-6.7
 *
 * @param timeout - ms after which it gives up.
 */
export const drainChannel = (channel: RTCDataChannel, clock: Clock, timeout: number): Promise<void> =>
  new Promise((resolve) => {
    let cancelPoll = () => {}
    const finish = () => {
      cancelTimeout()
      cancelPoll()
      channel.removeEventListener('close', finish)
      resolve()
    }
    // Polled as well: not every implementation reports `bufferedamountlow`, and the session owns its threshold.
    const closeWhenEmpty = () => {
      if (channel.bufferedAmount === 0) channel.close()
      else cancelPoll = clock.after(5, closeWhenEmpty)
    }
    const cancelTimeout = clock.after(timeout, finish)
    channel.addEventListener('close', finish)
    if (channel.readyState === 'open') closeWhenEmpty()
    else if (channel.readyState === 'closed') finish()
  })

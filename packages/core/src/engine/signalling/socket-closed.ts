import type { Clock } from '../../base/clock'

/** Resolves when a closing WebSocket is closed, at the latest after `timeout` ms. */
export const socketClosed = (socket: WebSocket, clock: Clock, timeout = 1_000): Promise<void> =>
  new Promise((resolve) => {
    // 3 is CLOSED; the constant's name is missing where WebSocket is not global.
    if (socket.readyState === 3) return resolve()
    const finish = () => {
      cancel()
      socket.removeEventListener('close', finish)
      resolve()
    }
    const cancel = clock.after(timeout, finish)
    socket.addEventListener('close', finish)
  })

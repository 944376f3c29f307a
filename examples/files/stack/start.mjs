import { fileURLToPath } from 'node:url'
import { generateSecret } from '@nanopeer/core'
import { startChild } from './child.mjs'
import { buildDevice, startDevice } from './device.mjs'
import { servePages } from './pages.mjs'

/** @typedef {import('./child.mjs').Child} Child */

/**
 * Starts a signalling server, a device that shares a folder, and the pages, and waits until all of them are up.
 *
 * @param {{ folder: string, pagesPort: number, signallingPort: number, copy?: string }} options a port of 0 is any free
 *   one; `copy` is a copy of the pages to serve in their place
 */
export async function start({ folder, pagesPort, signallingPort, copy }) {
  // Everything that runs, to be stopped in the reverse order.
  /** @type {{ stop: () => Promise<void> }[]} */
  const running = []
  const stop = async () => {
    for (const part of running.splice(0).reverse()) await part.stop()
  }

  try {
    const signalling = await startChild(
      'signalling server',
      fileURLToPath(new URL('./signalling.mjs', import.meta.url)),
      { SIGNALLING_PORT: String(signallingPort) },
    )
    running.push(signalling)
    // The folder is for the pages that know it, not for every page that this browser may have open.
    const secret = generateSecret()
    await buildDevice()
    const device = { secret, folder, host: signalling.ready.host, port: signalling.ready.port }
    let child = await startDevice(device)
    running.push({ stop: () => child.stop() })
    const served = await servePages({
      port: pagesPort,
      signallingPort: signalling.ready.port,
      copy,
    })
    running.push(served)

    return {
      origin: served.origin,
      /** The address of a page, with the key to the device behind its `#`. @param {string} page such as 'react/' */
      link: (page) => `${served.origin}/${page}#key=${secret}`,
      signalling,
      /** The device's process now: it can be killed and started again. */
      device: () => child,
      restartDevice: async () => {
        child = await startDevice(device)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

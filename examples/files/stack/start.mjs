import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from './child.mjs'
import { buildDevice, startDevice } from './device.mjs'
import { servePages } from './pages.mjs'

/** @typedef {import('./child.mjs').Child} Child */

/**
 * Starts a signalling server, a device that shares a folder, and the pages, and waits until all of them are up.
 *
 * @param {{ folder: string, pagesPort: number, signallingPort: number, copy?: string, state?: string }} options a port of
 *   0 is any free one; `copy` is a copy of the pages to serve in their place; `state`, where the device keeps its key, is a new
 *   folder for this run where it is not given
 */
export async function start({ folder, pagesPort, signallingPort, copy, state }) {
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
    const kept = state ?? (await mkdtemp(join(tmpdir(), 'nanopeer-device-')))
    if (!state) running.push({ stop: () => rm(kept, { recursive: true, force: true }) })
    await buildDevice()
    const device = { state: kept, folder, host: signalling.ready.host, port: signalling.ready.port }
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
      /** The address of a page, which has to be paired. @param {string} page such as 'react/' */
      link: (page) => `${served.origin}/${page}`,
      /** The same with a code that is good once, as the QR code in the terminal has it. @param {string} page */
      invite: async (page) => `${served.origin}/${page}#pair=${(await child.ask('pair')).qr}`,
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

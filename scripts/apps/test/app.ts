import { join } from 'node:path'
import { generateSecret } from '@nanopeer/core'
import { expect, vi } from 'vitest'
import { patience } from '../../../examples/files/test/browser'
import { type RunningSignallingServer, startSignallingServer } from '../../vitest/signalling-server'
import { freePort, type RunningScript, startScript } from './script'

/** Where the apps have been built; without them, as in a bare run of vitest, there is nothing to test. */
export const folder = process.env.NANOPEER_APPS ?? ''

/** Waits for something that a page or a server will show. */
export const eventually = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: patience, interval: 50 })

/** An app that has been built, in production, with a signalling server of its own. */
export interface RunningApp {
  readonly folder: string
  readonly origin: string
  readonly secret: string
  readonly signallingServer: RunningSignallingServer
  /** Starts the other end, as `npm run device` does. */
  startDevice(): void
  stopDevice(): Promise<void>
  stop(): Promise<void>
}

/** @param flags what the app's own server is started with */
export const startApp = async (name: string, flags: readonly string[] = []): Promise<RunningApp> => {
  const app = join(folder, name)
  const secret = generateSecret()
  const signallingServer = await startSignallingServer()
  const port = String(await freePort())
  const origin = `http://127.0.0.1:${port}`
  const signalling = String(signallingServer.port)
  const settings = {
    SIGNALLING_PORT: signalling,
    NUXT_PUBLIC_SIGNALLING_PORT: signalling,
    PUBLIC_SIGNALLING_PORT: signalling,
    HOST: '127.0.0.1',
    PORT: port,
    NAS_SECRET: secret,
  }
  const server = startScript(app, 'start', flags, settings)
  let device: RunningScript | undefined
  await eventually(async () => expect((await fetch(origin)).status).toBe(200))
  return {
    folder: app,
    origin,
    secret,
    signallingServer,
    startDevice() {
      device = startScript(app, 'device', [], settings)
    },
    stopDevice: async () => device?.stop(),
    async stop() {
      await device?.stop()
      await server.stop()
      await signallingServer.stop()
    },
  }
}

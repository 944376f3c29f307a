import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { BrowserCommand } from 'vitest/node'
import { type RunningSignallingServer, startSignallingServer } from './signalling-server.ts'

/**
 * What a browser test can ask of the machine it runs on, as `commands` from `vitest/browser`. Their types for
 * tests are in `environment.d.ts`. Whatever a test leaves running ends with the run.
 */
const devices = new Map<number, ChildProcess>()
const servers = new Map<number, RunningSignallingServer>()
const deviceHost = fileURLToPath(new URL('./device-host.mjs', import.meta.url))
const repository = fileURLToPath(new URL('../..', import.meta.url))

process.once('exit', () => {
  for (const device of devices.values()) device.kill('SIGKILL')
})

const startDevice: BrowserCommand<[script: string, settings?: Record<string, string | number>]> = async (
  _context,
  script,
  settings = {},
) => {
  // Nothing started here keeps vitest itself running once its tests are over.
  const device = fork(deviceHost, [script, JSON.stringify(settings)], { cwd: repository })
  const message = await Promise.race([
    once(device, 'message').then(([ready]) => ready as unknown),
    once(device, 'exit').then(([code]) => {
      throw new Error(`The device ${script} exited with ${code} before it was ready; its output is above.`)
    }),
  ])
  const handle = device.pid as number
  devices.set(handle, device)
  device.unref()
  device.channel?.unref()
  return { device: handle, message }
}

const stopDevice: BrowserCommand<[device: number, signal?: NodeJS.Signals]> = async (
  _context,
  handle,
  signal = 'SIGTERM',
) => {
  const device = devices.get(handle)
  if (!device) return
  devices.delete(handle)
  if (device.exitCode !== null || device.signalCode !== null) return
  const exited = once(device, 'exit')
  device.kill(signal)
  await exited
}

const startServer: BrowserCommand<[port?: number]> = async (_context, wanted) => {
  const server = await startSignallingServer(wanted)
  servers.set(server.port, server)
  const { host, port, path } = server
  return { host, port, path }
}

const stopServer: BrowserCommand<[port: number]> = async (_context, port) => {
  const server = servers.get(port)
  servers.delete(port)
  await server?.stop()
}

export const commands = {
  startDevice,
  stopDevice,
  startSignallingServer: startServer,
  stopSignallingServer: stopServer,
}

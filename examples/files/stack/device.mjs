import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { startChild } from './child.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Compiles the device, which is written in TypeScript, to `dist/device.mjs`. */
export async function buildDevice() {
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { external: ['@nanopeer/core', '@nanopeer/node'] },
    build: {
      ssr: 'device/main.ts',
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'device.mjs' } },
    },
  })
}

/**
 * Starts the Node device; it is ready when it is registered with the signalling server.
 *
 * @param {{ state: string, folder: string, host: string, port: number }} options `state`: where it keeps its key
 */
export const startDevice = ({ state, folder, host, port }) =>
  startChild('device', fileURLToPath(new URL('../dist/device.mjs', import.meta.url)), {
    DEVICE_FOLDER: folder,
    DEVICE_STATE: state,
    SIGNALLING_HOST: host,
    SIGNALLING_PORT: String(port),
  })

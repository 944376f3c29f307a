import { defineConfig, type Options } from 'tsup'

const shared: Options = {
  target: 'es2022',
  sourcemap: true,
  silent: true,
  clean: true,
  loader: { '.py': 'text' },
}

/**
 * The lab runs from sources, nanopeer's included: installed are only the tools, the native WebRTC, and the signalling
 * servers as they are built.
 */
export default defineConfig([
  {
    ...shared,
    entry: {
      run: 'run.ts',
      'device-process': 'actors/device-process.ts',
      'signalling-server-process': 'actors/signalling-server-process.ts',
    },
    format: 'esm',
    platform: 'node',
    external: ['playwright'],
  },
  {
    ...shared,
    entry: { 'page-script': 'actors/page-script.ts' },
    format: 'iife',
    platform: 'browser',
  },
])

import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import react from '@vitejs/plugin-react'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vite'

/** What the adapters import, from their own folders: a dependency found late would reload an open page. */
const dependencies = [
  '@noble/curves/abstract/modular.js',
  '@noble/curves/abstract/weierstrass.js',
  '@noble/hashes/hkdf.js',
  '@noble/hashes/hmac.js',
  '@noble/hashes/sha2.js',
  '@scure/bip39/wordlists/english.js',
  'nanostores',
  'peerjs',
  'uuid',
].map((name) => `@nanopeer/core > ${name}`)

export default defineConfig({
  root: fileURLToPath(new URL('./pages', import.meta.url)),
  appType: 'mpa',
  plugins: [react(), vue(), svelte({ configFile: false })],
  server: { host: '127.0.0.1', port: 5173 },
  logLevel: 'warn',
  optimizeDeps: {
    include: [
      ...dependencies,
      'react',
      'react-dom/client',
      'react/jsx-runtime',
      'react/jsx-dev-runtime',
      'vue',
      'svelte',
    ],
  },
})

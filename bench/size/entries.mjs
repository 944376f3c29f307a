/**
 * What is weighed, and how much it may weigh: minified by esbuild and compressed by brotli, in bytes (1 KB = 1000).
 *
 * @typedef {object} Bounds
 * @property {number} target what it should weigh at most
 * @property {number} limit what it may weigh: the gate. The target, or for as long as that is missed, no more than now
 *
 * @typedef {object} Entry
 * @property {string} name `size.<name>` in the results
 * @property {string} row how its row in README.md's table begins
 * @property {string} code what an application imports: all of it
 * @property {Bounds} first what loads with the page
 * @property {Bounds} [all] the same, and what loads when a peer opens
 * @property {string[]} external what is not part of it
 * @property {string} [beyond] another entry, which `code` has in it: only what this one adds to that is weighed
 */

const withoutReact = ['peerjs', 'react', 'react/*']

const badge = [
  "export { usePeer, useConnection, useRequest } from '@nanopeer/react'",
  "export { action } from '@nanopeer/core'",
].join('\n')

/** @type {Entry[]} */
export const entries = [
  {
    name: 'badge',
    row: '`usePeer`, `useConnection`, `useRequest`, `action`',
    code: badge,
    first: { target: 11_000, limit: 23_150 },
    external: withoutReact,
  },
  {
    name: 'remoteStore',
    row: '+ `useRemoteStore`, `store`',
    code: `${badge}; export { useRemoteStore } from '@nanopeer/react'; export { store } from '@nanopeer/core'`,
    first: { target: 3000, limit: 3000 },
    external: withoutReact,
    beyond: 'badge',
  },
  {
    name: 'share',
    row: '+ `share`, `store`',
    code: `${badge}; export { share, store } from '@nanopeer/core'`,
    first: { target: 3000, limit: 3000 },
    external: withoutReact,
    beyond: 'badge',
  },
  {
    name: 'core',
    row: '`@nanopeer/core`',
    // The adapters' entry is part of core, so that nothing that an application loads is weighed nowhere.
    code: "export * from '@nanopeer/core'; export * as adapter from '@nanopeer/core/adapter'",
    first: { target: 14_000, limit: 32_200 },
    all: { target: 38_000, limit: 77_100 },
    external: ['peerjs'],
  },
  ...['react', 'vue', 'svelte'].map((name) => ({
    name,
    row: `\`@nanopeer/${name}\``,
    code: `export * from '@nanopeer/${name}'`,
    first: { target: 1200, limit: 1200 },
    external: ['@nanopeer/core', '@nanopeer/core/adapter', 'nanostores', name, `${name}/*`],
  })),
  {
    name: 'devtools',
    row: '`@nanopeer/devtools`',
    // What development loads; in production the package is empty.
    code: "import '@nanopeer/devtools/production'",
    first: { target: 5000, limit: 5000 },
    all: { target: 25_000, limit: 25_050 },
    external: ['@nanopeer/core', 'nanostores'],
  },
]

/**
 * Parts of core that load only when they are used, by a module that is in nothing else, each with its own limit.
 *
 * @type {{ name: string, module: RegExp, limit: number }[]}
 */
export const lazyParts = [
  { name: 'authentication', module: /\/authenticate[^/]*\.(js|ts)$/, limit: 1200 },
  { name: 'identities', module: /\/database[^/]*\.(js|ts)$/, limit: 1200 },
  { name: 'diagnose', module: /\/diagnose[^/]*\.(js|ts)$/, limit: 3000 },
  { name: 'media', module: /\/media\/index\.ts$|\/media-[^/]*\.js$/, limit: 6000 },
  // The curve is 10,900 of it, the words of codes 5300 (docs/decisions/0037).
  { name: 'pairing', module: /\/pairing\/index\.ts$|\/pairing-[^/]*\.js$/, limit: 22_100 },
  { name: 'calls', module: /\/plain\/calls\.ts$|\/calls-[^/]*\.js$/, limit: 2500 },
  // With a reader and a writer of PeerJS's own formats: PeerJS's trust every size that a stranger sends. Its goal is 6500.
  { name: 'plain', module: /\/plain\/index\.ts$|\/plain-[^/]*\.js$/, limit: 7050 },
]

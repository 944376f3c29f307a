const hooks = [
  'useAction',
  'useConnection',
  'useHandler',
  'usePeer',
  'useRequest',
  'useStats',
  'useStore',
  'useMedia',
  'useSubscription',
]

/**
 * What every entry of the packages must export at run time.
 *
 * @type {Record<string, Record<string, string[]>>}
 */
export const expectedExports = {
  '@nanopeer/core': {
    '@nanopeer/core': [
      'ActionError',
      'NanopeerError',
      'action',
      'createPeer',
      'createRequest',
      'getPeer',
      'requestOptions',
      'skip',
      'tabId',
    ],
    '@nanopeer/core/adapter': [],
    '@nanopeer/core/hook-types': [],
    '@nanopeer/core/testing': [],
  },
  '@nanopeer/react': { '@nanopeer/react': hooks },
  '@nanopeer/vue': { '@nanopeer/vue': hooks },
  '@nanopeer/svelte': { '@nanopeer/svelte': hooks },
  '@nanopeer/node': { '@nanopeer/node': ['createPeer', 'getPeer'] },
  // Empty in production, and safe on a server in any case.
  '@nanopeer/devtools': { '@nanopeer/devtools': [], '@nanopeer/devtools/production': [] },
  '@nanopeer/server': {
    '@nanopeer/server': ['createSignallingServer', 'jwtAuthorize', 'memoryEngine', 'redisEngine'],
  },
}

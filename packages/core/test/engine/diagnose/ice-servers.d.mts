/** See `ice-servers.mjs`. */
export declare const startIceServers: (
  kind: 'open' | 'cone' | 'symmetric' | 'silent' | 'unauthorized',
  count: number,
) => Promise<{ addresses: string[]; stop: () => void }>

import { generateSecret } from '@nanopeer/core'

const { hash = '' } = globalThis.location ?? {}

/**
 * What the page proves to the device, and the device to the page. It comes behind the `#` of the link that the device
 * prints: in no bundle, and sent to no server. Without that link it is one that nobody knows, and nothing is served.
 */
export const secret = new URLSearchParams(hash.slice(1)).get('secret') ?? generateSecret()

import { NanopeerError } from './errors'

/**
 * Nothing that needs cryptography silently does without.
 *
 * @param what needs it, as a sentence begins
 * @throws `NanopeerError` `UNSUPPORTED` on an insecure origin.
 */
export const requireWebCrypto = (what: string): void => {
  if (typeof crypto !== 'undefined' && crypto.subtle) return
  throw new NanopeerError(
    'UNSUPPORTED',
    `${what} needs WebCrypto, which a browser gives only to https pages and localhost; serve this page over https.`,
  )
}

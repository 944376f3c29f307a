import { NanopeerError } from './errors'

/**
 * Nothing that needs cryptography silently does without.
 *
 * @throws `NanopeerError` `UNSUPPORTED` on an insecure origin.
 */
export const requireWebCrypto = (): void => {
  if (typeof crypto !== 'undefined' && crypto.subtle) return
  throw new NanopeerError(
    'UNSUPPORTED',
    'Secrets and keys need WebCrypto, which a browser gives only to https pages and localhost; serve this page over https.',
  )
}

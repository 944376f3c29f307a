import { NanopeerError } from '../base/errors'
import { checkKey } from '../base/known'
import type { ConnectOptions, PeerOptions } from '../base/types'
import { requireWebCrypto } from '../base/web-crypto'
import { checkSecret } from './secret'

/**
 * Checks the options that say who somebody is.
 *
 * @throws `NanopeerError` `INVALID_INPUT` for a secret or a key that is none, `UNSUPPORTED` on an insecure origin.
 */
export const checkTrust = (
  options: Pick<PeerOptions, 'secret' | 'identity' | 'known'> & Pick<ConnectOptions, 'key' | 'protocol'>,
): void => {
  const { secret, key, identity, known, protocol = 'nanopeer' } = options
  if (secret !== undefined && typeof secret !== 'function') checkSecret(secret)
  if (key !== undefined) checkKey(key)
  if (key !== undefined && protocol !== 'nanopeer') {
    throw new NanopeerError(
      'INVALID_INPUT',
      'A PeerJS client cannot prove a `key`; leave it out, or the `protocol`.',
    )
  }
  if (typeof secret === 'function') requireWebCrypto('A secret')
  if (key !== undefined || known) requireWebCrypto('A key')
  if (identity) requireWebCrypto('An identity')
}

import { checkKey } from '../base/known'
import { checkSecret } from '../base/secret'
import type { ConnectOptions, PeerOptions } from '../base/types'
import { requireWebCrypto } from '../base/web-crypto'

/**
 * Checks the options that say who somebody is.
 *
 * @param remoteId whom `key` is of
 * @throws `NanopeerError` `INVALID_INPUT` for a secret or a key that is none, `UNSUPPORTED` on an insecure origin.
 */
export const checkTrust = (
  {
    secret,
    key,
    identity,
    known,
  }: Pick<PeerOptions, 'secret' | 'identity' | 'known'> & Pick<ConnectOptions, 'key'>,
  remoteId?: string | null,
): void => {
  if (secret !== undefined && typeof secret !== 'function') checkSecret(secret)
  if (key !== undefined) checkKey(key, remoteId)
  if (secret ?? key ?? identity ?? known) requireWebCrypto()
}

/** What an option is compared by: a function is new in every render, so it is the same where it reads the same. */
export const contentOf = (option: unknown): string | undefined =>
  typeof option === 'function' ? String(option) : JSON.stringify(option)

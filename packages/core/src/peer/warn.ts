import { isKey } from '../base/identity'
import type { PeerOptions } from '../base/types'

/** Says what is missing for handlers to be served, and to be served to whom they are meant for. True where it did. */
export const warnAboutAccess = (id: string, { accept, secret, known }: PeerOptions): boolean => {
  if (secret !== undefined || known !== undefined) return false
  const name = JSON.stringify(id)
  if (accept === undefined) {
    console.warn(
      `nanopeer: the handlers of ${name} serve nobody yet. Set \`accept\` (a list of ids, a ` +
        "function, or 'anyone') or `secret` in the peer's options.",
    )
    return true
  }
  if (typeof accept !== 'object' || accept.every(isKey)) return false
  console.warn(
    `nanopeer: ${name} serves a list of ids, and ids prove nothing: whoever takes one at the ` +
      'signalling server is served. Set `secret`, too, if the handlers give away what not everybody may have.',
  )
  return true
}

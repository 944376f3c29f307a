import { isKey } from '../base/identity'
import type { PeerOptions } from '../base/types'

/** Says what is missing for handlers to be served, and to be served to whom they are meant for. True where it did. */
export const warnAboutAccess = (id: string, { accept, secret, known }: PeerOptions): boolean => {
  if (secret !== undefined || known !== undefined) return false
  const name = JSON.stringify(id)
  if (accept === undefined) {
    console.warn(`nanopeer: ${name} serves nobody yet: set \`accept\` or \`secret\`.`)
    return true
  }
  if (typeof accept !== 'object' || accept.every(isKey)) return false
  console.warn(`nanopeer: ${name} serves a list of ids, and ids prove nothing. Set \`secret\`, too.`)
  return true
}

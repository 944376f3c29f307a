import { fileKnown, isKey } from '@nanopeer/node'

export const known = fileKnown('known.json')

/** Those that are let in. What was revoked is kept beside them: under its key, in the place of an id. */
export async function listPhones() {
  const all = await known.list()
  const ids = all.map(({ id }) => id)
  return all.filter(({ id, key }) => !isKey(id) && !ids.includes(key))
}

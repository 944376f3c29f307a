import type { Known } from '@nanopeer/core'
import { checkKey, listKnown, parseKnown, stringifyKnown } from '@nanopeer/core/engine'
import { readPrivate, replacePrivate } from './private-file'

/**
 * The remotes that this device knows, in a file of its own. It is read anew whenever it is asked, so it may be edited; two
 * processes that change it at once lose a change.
 *
 * Its functions reject with `INVALID_INPUT` for what is no key, and where the file holds something else.
 *
 * @example
 * const peer = createPeer('laptop', { known: fileKnown('/var/lib/laptop/known.json') })
 */
export const fileKnown = (path: string): Known => {
  const read = async () => parseKnown((await readPrivate(path)) ?? '{}', path)
  let last: Promise<void> = Promise.resolve()
  /** One after the other: each reads what the one before has written. */
  const change = (act: (keys: Map<string, string>) => void): Promise<void> => {
    const mine = last.then(async () => {
      const keys = await read()
      act(keys)
      await replacePrivate(path, stringifyKnown(keys))
    })
    last = mine.catch(() => {})
    return mine
  }
  return {
    get: async (id) => (await read()).get(id),
    async set(id, key) {
      checkKey(key)
      await change((keys) => keys.set(id, key))
    },
    delete: (id) => change((keys) => keys.delete(id)),
    list: async () => listKnown(await read()),
  }
}

import { watch } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { asActionError, confine } from './confine'

/** A file that is being copied changes all the time: at most this often it is told, in ms. */
const calm = 300

/**
 * Counts the changes of a folder, until `signal` fires. What is hidden, uploads under way among it, does not count.
 *
 * @throws `ActionError` 403 and 404 as `confine`.
 */
export async function* watchForChanges(
  root: string,
  path: unknown,
  signal: AbortSignal,
): AsyncGenerator<number, void> {
  const { location } = await confine(root, path)
  let changes = 0
  let told = 0
  let failure: unknown
  let wake = () => {}
  const listener = () => wake()
  const watcher = watch(location, { persistent: false }, (_event, name) => {
    if (name?.startsWith('.')) return
    changes++
    wake()
  })
  watcher.once('error', (error) => {
    failure = asActionError(error)
    wake()
  })
  signal.addEventListener('abort', listener)
  try {
    while (!signal.aborted) {
      if (failure !== undefined) throw failure
      if (changes === told) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else {
        told = changes
        yield told
        await setTimeout(calm, undefined, { ref: false })
      }
    }
  } finally {
    signal.removeEventListener('abort', listener)
    watcher.close()
  }
}

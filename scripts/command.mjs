import { endChildrenOnSignal } from './processes.mjs'
import { SetUpError } from './set-up-error.mjs'

/**
 * What an npm script does: its children end with it, and a step of the set-up that fails says what to do, without a stack.
 *
 * @param {() => Promise<void>} act
 */
export async function asCommand(act) {
  endChildrenOnSignal()
  try {
    await act()
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

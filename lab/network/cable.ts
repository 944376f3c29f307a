import { spawn } from 'node:child_process'
import { once } from 'node:events'
import script from './cable.py'
import type { Namespace } from './namespaces'

/** What a cable is like; the same for all who are on it. */
export interface Line {
  /** Seconds each way. @default 0 */
  readonly delay?: number
  /** The share of all packets that is lost, from 0 to 1. @default 0 */
  readonly loss?: number
  /** Bits per second that one machine receives; 0 for no limit. @default 0 */
  readonly rate?: number
}

export interface Cable {
  /** From now on it is so; what is on its way arrives as it would have. */
  change(line: Line & { readonly cut?: boolean }): void
  /** Takes it away. Resolves when it is gone. */
  remove(): Promise<void>
}

/** A machine on the cable, which calls its end `wan`, and its addresses there. */
export interface CableEnd {
  readonly machine: Namespace
  readonly addresses: readonly string[]
}

/**
 * Connects machines by one cable, each with each.
 *
 * @throws Error where it cannot be laid; what is missing stands on standard error
 */
export const layCable = async (ends: readonly CableEnd[], line: Line): Promise<Cable> => {
  const given = {
    ...line,
    ends: ends.map(({ machine, addresses }) => ({ namespace: machine.name, addresses })),
  }
  const child = spawn('python3', ['-c', script, JSON.stringify(given)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const isReady = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)])
  if (!isReady) throw new Error('The cable could not be laid.')
  return {
    change: (next) => void child.stdin.write(`${JSON.stringify(next)}\n`),
    async remove() {
      child.stdin.end()
      await ended
    },
  }
}

import type { Clock } from '../../base/clock'
import { inTaskOfItsOwn } from '../../base/own-task'
import { ValueReader, type Weighed } from '../../codec/read'
import type { Reader } from '../../codec/reader'
import type { Unread } from '../session/unread'

/**
 * Bytes that are read in one turn: some 2 ms for fields with new names, which are the dearest, and now and then 20, where the engine
 * makes room for more of them (docs/decisions/0014).
 */
const perTurn = 16 * 1024

/**
 * Reads a value, a large one over several turns, so that one message keeps nobody waiting for long.
 *
 * @param then what to do with it; may have something to read, too
 * @throws `NanopeerError` `PROTOCOL` for bytes that are no value, in whichever turn that is found.
 */
export const readInTurns = (reader: Reader, then: (value: Weighed) => Unread): Unread =>
  reader.advance(perTurn) ? then(reader) : () => readInTurns(reader, then)

/** Reads a value in turns, as {@link readInTurns}. */
export type ReadValue = (bytes: Uint8Array, then: (value: Weighed) => void) => Unread

/** The same, for who can wait. */
export const readLater = async (bytes: Uint8Array, clock: Clock): Promise<unknown> => {
  let value: unknown
  let unread = readInTurns(new ValueReader(bytes), (whole) => {
    value = whole.value
    return null
  })
  while (unread) {
    await inTaskOfItsOwn(clock)
    unread = unread()
  }
  return value
}

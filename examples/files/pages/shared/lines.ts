import type { LogLine } from '../../shared/actions'

/** How many lines a page keeps. */
const keep = 200

/**
 * Adds a line to those on screen. After a reconnect the device sends its last lines once more: what is there already
 * is not added again.
 */
export const addLine = (lines: readonly LogLine[] = [], line: LogLine): readonly LogLine[] =>
  lines.some((known) => keyOf(known) === keyOf(line)) ? lines : [...lines, line].slice(-keep)

/** A line's own name: numbers begin again when a device starts again. */
export const keyOf = (line: LogLine): string => `${line.time.getTime()}-${line.number}`

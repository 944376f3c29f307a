/**
 * Passed as a hook's input: not yet. `null` cannot say so, because it is a legal input.
 *
 * @example
 * useRequest(connection, listFiles, path === undefined ? skip : { path })
 */
export const skip: unique symbol = Symbol.for('nanopeer.skip')

/** The type of {@link skip}. */
export type Skip = typeof skip

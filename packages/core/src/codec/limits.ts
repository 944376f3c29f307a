/**
 * What one value may hold, at both ends: a small message can describe a structure that fills the memory or keeps a page
 * busy. Measured in docs/decisions/0018-one-codec.md.
 */
export const valueLimits = {
  /** Arrays and objects inside each other. */
  depth: 64,
  /**
   * Elements of arrays and fields of objects, and one more for each array, object, date and buffer, and for every `nameLength`
   * characters of a field's name: to read a long one that is new takes as long as to read two or three short ones.
   */
  entries: 200_000,
  nameLength: 16,
} as const

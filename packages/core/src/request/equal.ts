/** Whether two snapshots say the same: every field of the later one is what it was. */
export function isSameSnapshot(before: unknown, after: unknown): boolean {
  if (!before || !after || typeof before !== 'object') return false
  return Object.entries(after).every(([name, value]) => Object.is(value, Reflect.get(before, name)))
}

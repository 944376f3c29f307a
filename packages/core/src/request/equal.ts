/** Whether two snapshots say the same: they have the same fields, and each field of the later one is what it was. */
export function isSameSnapshot(before: unknown, after: unknown): boolean {
  if (!before || !after || typeof before !== 'object') return false
  const fields = Object.entries(after)
  if (fields.length !== Object.keys(before).length) return false
  return fields.every(([name, value]) => Object.is(value, Reflect.get(before, name)))
}

/** Whether two snapshots say the same: they have the same fields, and each field of the later one is what it was. */
export function isSameSnapshot(before: unknown, after: unknown): boolean {
  if (!before || !after || !hasFields(after) || kindOf(after) !== kindOf(before)) return false
  const fields = Object.entries(after)
  if (fields.length !== Object.keys(before).length) return false
  return fields.every(([name, value]) => Object.is(value, Reflect.get(before, name)))
}

const kindOf = (value: unknown): string => Object.prototype.toString.call(value)

/** What is no list and no record, such as a date or bytes, says nothing by its fields. */
const hasFields = (value: unknown): value is object =>
  ['[object Object]', '[object Array]'].includes(kindOf(value))

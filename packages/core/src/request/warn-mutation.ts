const warned = new WeakSet<object>()

/** As many fields are looked at one by one. */
const maxFields = 64

/** What can be seen of a value from outside: its fields, or of a large one how many there are. */
const traceOf = (value: object): readonly unknown[] => {
  if (value instanceof Map || value instanceof Set) return [value.size]
  const fields: unknown[] = Array.isArray(value) ? value : Object.values(value)
  return [fields.length, ...fields.slice(0, maxFields)]
}

/** Says so where a `reduce` changes what it was given, and returns it: the same object is no news to anybody. */
export function warnAboutMutation<Data>(reduce: object, before: Data, run: () => Data): Data {
  if (typeof before !== 'object' || before === null || warned.has(reduce)) return run()
  const trace = traceOf(before)
  const after = run()
  if (after !== before || traceOf(before).every((field, index) => Object.is(field, trace[index])))
    return after
  warned.add(reduce)
  console.warn(
    'nanopeer: a `reduce` changed the data it was given and returned it, so nothing is rendered. Return a new ' +
      'object: `[...lines, line]` instead of `lines.push(line)`.',
  )
  return after
}

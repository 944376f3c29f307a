import type { ActionLike } from '../base/types'
import { encodeKey, isPlain } from '../codec/write'

/** What is asked: an action and its input, as they were when they were given. */
export interface Asked {
  readonly action: ActionLike
  /** A copy of its own: whoever changes the object that was given changes nothing here. */
  readonly input: unknown
  /** Equal for what means the same: the action's name, and the input whatever the order of its fields. */
  readonly key: string
}

/** What the keys of all requests of one action begin with, and those of no other. */
export const keyOfAction = (action: ActionLike): string => {
  const name = typeof action === 'string' ? action : action.name
  return `${name.length}:${name}`
}

/** The key of a request; an input that cannot be sent has one too: the request itself says what is wrong with it. */
export const requestKey = (action: ActionLike, input: unknown): string => rememberAsked()(action, input).key

/** Looks at what is asked once: an input is encoded anew only when it says something else. */
export function rememberAsked(): (action: ActionLike, input: unknown) => Asked {
  let last: Asked | null = null
  return (action, input) => {
    const name = keyOfAction(action)
    try {
      if (last?.action === action && isSame(last.input, input)) return last
      const key = name + encodeKey(input)
      if (last?.key !== key || last.action !== action) last = { action, input: copyOf(input), key }
      return last
    } catch (error) {
      // It may have no end, in any number of ways: neither copied nor compared.
      return { action, input, key: name + String(error) }
    }
  }
}

/** A copy of lists and plain objects, of what can be sent: anything else may have no end. Bytes are handed over, not copied. */
export function copyOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isPlain(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, copyOf(field)]))
}

/** Whether a value surely says what its copy, or another answer, says. It is read to its end, which is how Vue and Svelte follow it. */
export function isSame(copy: unknown, value: unknown): boolean {
  if (typeof copy !== 'object' || copy === null || typeof value !== 'object' || value === null) {
    return Object.is(copy, value)
  }
  if (Array.isArray(copy)) {
    if (!Array.isArray(value) || copy.length !== value.length) return false
    return copy.every((item, index) => isSame(item, value[index]))
  }
  if (!isPlain(copy)) return copy === value && ArrayBuffer.isView(value)
  if (!isPlain(value)) return false
  const fields = Object.entries(value)
  if (fields.length !== Object.keys(copy).length) return false
  return fields.every(([name, field]) => Object.hasOwn(copy, name) && isSame(Reflect.get(copy, name), field))
}

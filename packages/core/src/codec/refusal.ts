import { NanopeerError } from '../base/errors'

/** What a value that cannot be sent is called: an asker's input, or a handler's output. */
export type ValueCode = 'INVALID_INPUT' | 'INVALID_OUTPUT'

type Path = readonly (string | number)[]

/** `input.files[2].name cannot be sent: …`, for the part of a value that `path` leads to. */
export const refusalOf = (
  code: ValueCode | 'TOO_LARGE',
  whose: ValueCode,
  path: Path,
  reason: string,
  options?: { cause: unknown },
): NanopeerError => {
  const root = whose === 'INVALID_INPUT' ? 'input' : 'output'
  return new NanopeerError(code, `${root}${path.map(step).join('')} cannot be sent: ${reason}.`, options)
}

const step = (key: string | number): string => {
  if (typeof key === 'number') return `[${key}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}

export const describe = (value: object): string => {
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name
  return typeof name === 'string' && name !== '' ? `an instance of ${name}` : 'not a plain object'
}

/** A value nested without end usually holds itself: the first step of `path` back into what it came from, or null. */
export const cycleIn = (value: unknown, path: Path): Path | null => {
  const above: unknown[] = []
  let here = value
  for (let depth = 0; depth <= path.length; depth++) {
    if (above.includes(here) && typeof here === 'object') return path.slice(0, depth)
    above.push(here)
    here = (here as Record<string | number, unknown> | undefined)?.[path[depth] as string | number]
  }
  return null
}

import { bytesOf } from '../../codec/binarypack'
import { refusalOf, type ValueCode } from '../../codec/refusal'

/** Says why a format cannot carry a value (itself, not what it holds); null where it can. */
export type Refuse = (value: unknown) => string | null

const smallestNormal = 2 ** -1022

const refuseAnywhere: Refuse = (value) => {
  if (typeof value === 'bigint') return 'PeerJS cannot carry a bigint'
  return value instanceof Date && Number.isNaN(value.getTime()) ? 'it is not a valid date' : null
}

/** PeerJS's `binary` would deliver these as something else. */
export const refuseBinary: Refuse = (value) => {
  if (typeof value !== 'number') return refuseAnywhere(value)
  if (Number.isNaN(value)) return 'PeerJS cannot carry NaN'
  const isTiny = value !== 0 && Math.abs(value) < smallestNormal
  return isTiny ? 'PeerJS cannot carry a number so close to 0' : null
}

/** JSON would deliver these as null, or as an object with a field per byte. */
export const refuseJson: Refuse = (value) => {
  if (typeof value === 'number' && !Number.isFinite(value)) return `JSON cannot carry ${value}`
  if (bytesOf(value)) return "JSON cannot carry bytes; the remote must use PeerJS's default serialization"
  return refuseAnywhere(value)
}

/** What is not bytes as a whole is refused as a whole. */
export const refuseRaw: Refuse = (value) =>
  bytesOf(value) ? null : `the remote uses PeerJS's "raw", which carries bytes`

/** @throws `NanopeerError` `code`, naming the path, for a value that is refused, or that holds one. */
export const checkCarried = (value: unknown, refuse: Refuse, code: ValueCode): void => {
  const path: (string | number)[] = []
  const visit = (part: unknown): void => {
    const reason = refuse(part)
    if (reason !== null) throw refusalOf(code, code, path, reason)
    if (typeof part !== 'object' || part === null || bytesOf(part)) return
    const isArray = Array.isArray(part)
    for (const [name, field] of Object.entries(part)) {
      path.push(isArray ? Number(name) : name)
      visit(field)
      path.pop()
    }
  }
  visit(value)
}

import { define, type EventsAction, type ValueAction } from '../base/action'
import { ActionError, isErrorCode, NanopeerError, type RequestError, verdictOf } from '../base/errors'
import { printable } from '../base/printable'
import { hasFields, type Patch } from './patch'

/** Which state it is: `epoch` is another one each time a store is shared, `n` counts its changes. */
export interface Version {
  readonly epoch: string
  readonly n: number
}

/** A state as the device told of it last. */
export interface Confirmed extends Version {
  readonly value: unknown
}

/** Why there is no state, or a write was not made: `[code, message]`, and data behind those of an `ActionError`. */
export type Fault = readonly [code: string | number, message: string, data?: unknown]

/** What a follower is told. A patch is made for the state that was told before it. */
export type Item =
  | (Version & { readonly value?: unknown })
  | (Patch & { readonly n: number })
  | { readonly fault: Fault }

/** A state, or how to make it of the device's; `at`: of no other version than this one. */
export type WrittenState = ({ readonly value?: unknown } | Patch) & { readonly at?: Version }

/** The longest name of an epoch that is taken, UTF-16 code units. */
const maxEpochLength = 64
/** Writes that may go together. */
export const maxBatchLength = 100

/** Several writes of one store, in their order. */
export interface WriteInput {
  readonly name: string
  readonly writes: readonly WrittenState[]
}

/** The version that a write became, or why it was not made. */
export type WriteOutcome = Version | { readonly fault: Fault }

/** Follows a store by its name. */
export const followAction = /* @__PURE__ */ define('events')('nanopeer:store') as unknown as EventsAction<
  string,
  Item
>
/** Writes a store. */
export const writeAction = /* @__PURE__ */ define('value')('nanopeer:write') as unknown as ValueAction<
  WriteInput,
  readonly WriteOutcome[]
>
export const isPatch = (told: object): told is Patch => 'set' in told

/** An error as a fault. */
export const faultOf = (error: RequestError): Fault =>
  error.name === 'ActionError' && error.data !== undefined
    ? [error.code, error.message, error.data]
    : [error.code, error.message]

/** The error that a remote tells of. */
export const errorOf = (fault: Fault): RequestError => {
  const [code, message, data]: readonly unknown[] = Array.isArray(fault) ? fault : []
  if (typeof message !== 'string') return malformed()
  if (typeof code === 'number') return new ActionError(code, printable(message), data)
  if (isErrorCode(code) && verdictOf({ code }).isAnswer) return new NanopeerError(code, message)
  return malformed()
}

export const malformed = (): NanopeerError =>
  new NanopeerError('PROTOCOL', 'The device said something of a store that nanopeer does not say.')

/** Whether it can be the number of a version, and its epoch: ours are UUIDs. */
export const isSoundNumber = (n: unknown): n is number => Number.isSafeInteger(n)
export const isSoundVersion = ({ epoch, n }: { readonly epoch?: unknown; readonly n?: unknown }): boolean =>
  typeof epoch === 'string' && epoch.length <= maxEpochLength && isSoundNumber(n)

/** Whether it can be a patch: what arrives is only a value until checked. */
export const isSoundPatch = ({ set, gone }: { readonly set?: unknown; readonly gone?: unknown }): boolean =>
  hasFields(set) && Array.isArray(gone) && gone.every((name) => typeof name === 'string')

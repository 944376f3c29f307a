import type { StandardSchemaV1 } from '@standard-schema/spec'
import { nameIsValid } from '../base/action'
import { NanopeerError } from '../base/errors'

declare const type: unique symbol

/** A named store with a typed value, shared by both sides as a value. */
export interface StoreContract<Value = unknown> {
  readonly name: string
  readonly schema?: StandardSchemaV1<Value, Value> | undefined
  /** Types only; never there at run time. */
  readonly [type]?: (value: Value) => Value
}

/** What a store of this contract holds. */
export type StoreValue<Contract> = Contract extends StoreContract<infer Value> ? Value : never

/**
 * Names a store that a device shares: `share()` gives it a value there, `createRemoteStore()` shows it here.
 *
 * @param options a Standard Schema (valibot, zod, arktype …), by which the device checks what others write. It must give
 *   back what it was given when that is right: `StandardSchemaV1<Value, Value>`.
 * @throws `NanopeerError` `INVALID_INPUT` for an empty name or one over 256 characters.
 * @example
 * export const settings = store<{ target: number; mode: 'eco' | 'fast' }>('settings')
 */
export function store<Value = unknown>(
  name: string,
  options: { readonly schema?: StandardSchemaV1<Value, Value> } = {},
): StoreContract<Value> {
  if (!nameIsValid(name)) {
    const text = "A store needs a name of 1 to 256 characters, such as 'settings'."
    throw new NanopeerError('INVALID_INPUT', text)
  }
  return Object.freeze({ name, schema: options.schema })
}

import { NanopeerError, ofAnotherCopy } from './base/errors'

const controllers = new WeakMap<object, unknown>()

/**
 * What users hold of a peer or a connection: frozen, which Vue's deep refs leave alone, without private fields,
 * which no proxy could reach, and not a plain object, around which Svelte's `$state` would put a proxy: another
 * object, unknown to us.
 *
 * @param controller what stands behind it; {@link controllerBehind} finds it again
 * @param toJSON what a log is to say of it, for `JSON.stringify`
 */
export const createHandle = <Handle extends object>(
  name: string,
  members: Handle,
  controller: unknown,
  toJSON: () => unknown,
): Handle => {
  const prototype = { [Symbol.toStringTag]: name, toJSON }
  const handle = Object.freeze(Object.assign(Object.create(prototype), members))
  controllers.set(handle, controller)
  return handle
}

/**
 * What was given to {@link createHandle}.
 *
 * @param kind what a handle of this kind is called
 * @throws `NanopeerError` `INVALID_INPUT` for anything else: a copy of the handle, or one of another copy of nanopeer.
 */
export const controllerBehind = (handle: object, kind: 'peer' | 'connection'): unknown => {
  const controller = controllers.get(handle)
  if (controller !== undefined) return controller
  throw new NanopeerError('INVALID_INPUT', ofAnotherCopy(`This ${kind}`))
}

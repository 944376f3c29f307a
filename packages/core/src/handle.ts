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

/** What was given to {@link createHandle}; undefined for anything else. */
export const controllerBehind = (handle: object): unknown => controllers.get(handle)

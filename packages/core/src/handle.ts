/**
 * What users hold of a peer or a connection: frozen, which Vue's deep refs leave alone, without private fields,
 * which no proxy could reach, and not a plain object, around which Svelte's `$state` would put a proxy: another
 * object, unknown to us.
 *
 * @param toJSON what a log is to say of it, for `JSON.stringify`
 */
export const createHandle = <Handle extends object>(
  name: string,
  members: Handle,
  toJSON: () => unknown,
): Handle => Object.freeze(Object.assign(Object.create({ [Symbol.toStringTag]: name, toJSON }), members))

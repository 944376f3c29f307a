/** In which a named message travels, so that one side may know names and the other may not. */
const nameField = 'nanopeer:message'

/** What is sent for a named message. */
export const sealEnvelope = (name: string, value: unknown): unknown => ({ [nameField]: name, value })

/** The name of a message and what it carries; null for a message without a name. */
export function openEnvelope(message: unknown): { readonly name: string; readonly value: unknown } | null {
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, nameField)) return null
  const name: unknown = Reflect.get(message, nameField)
  return typeof name === 'string' ? { name, value: Reflect.get(message, 'value') } : null
}

import type { StandardSchemaV1 } from '@standard-schema/spec'
import { NanopeerError } from './errors'
import { inTime } from './in-time'

const pathOf = (root: string, path: StandardSchemaV1.Issue['path']): string =>
  (path ?? []).reduce<string>((text, step) => {
    const key = typeof step === 'object' ? step.key : step
    return text + (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)
  }, root)

/**
 * Checks a value against a Standard Schema; without one it is taken as it is.
 *
 * @throws `NanopeerError` `TIMEOUT` where the schema does not answer, and `code`, naming the paths that do not match. Never the values: the validator's own words
 * may quote them, so those stay in `cause`, which does not leave this machine.
 */
export const validate = async (
  schema: StandardSchemaV1 | undefined,
  value: unknown,
  code: 'INVALID_INPUT' | 'INVALID_OUTPUT',
  action: string,
): Promise<unknown> => {
  if (!schema) return value
  const given = schema['~standard'].validate(value)
  const result =
    'then' in given ? await inTime(`The schema of ${JSON.stringify(action)}`, () => given) : given
  if (!result.issues) return result.value
  const root = code === 'INVALID_INPUT' ? 'input' : 'output'
  const paths = [...new Set(result.issues.map((issue) => pathOf(root, issue.path)))].slice(0, 8)
  const message = `${paths.join(', ')} does not match the schema of ${JSON.stringify(action)}.`
  throw new NanopeerError(code, message, { cause: result.issues })
}

/** Fields whose content is for nobody who looks over a shoulder, nor for a text that is pasted into a report. */
const secretName =
  /secret|passw|passphrase|passcode|token|credential|authorization|cookie|api[-_]?key|private[-_]?key|^(pin|otp|auth|jwt)$/i

const maxNodes = 64
const maxDepth = 5
const maxText = 240

/** A value as it was at one moment, shortened. */
export interface Preview {
  readonly root: PreviewNode
  /** Nothing was left out: what was previewed is small. */
  readonly isWhole: boolean
}

export type PreviewNode =
  /** `text` is what stands in code; `isSecret`: hidden until somebody asks for it. */
  | { readonly kind: 'leaf'; readonly text: string; readonly isSecret: boolean }
  | {
      readonly kind: 'list' | 'record'
      readonly entries: readonly (readonly [name: string, value: PreviewNode])[]
      /** Entries that were left out. */
      readonly more: number
    }

/** Whether a field of this name is hidden. */
const isSecretName = (name: string): boolean => secretName.test(name)

/**
 * Makes a copy that is bounded, whatever the value is: 64 parts, 5 levels, 240 characters each. It is made when a request
 * begins, so it calls nothing of the value's own: no getter, no `toJSON`.
 */
export const previewOf = (value: unknown): Preview => {
  let left = maxNodes
  let isWhole = true

  const leaf = (text: string, isSecret: boolean): PreviewNode => ({ kind: 'leaf', text, isSecret })

  const visit = (value: unknown, depth: number, isSecret: boolean): PreviewNode => {
    left--
    if (typeof value === 'string') {
      if (value.length <= maxText) return leaf(JSON.stringify(value), isSecret)
      isWhole = false
      return leaf(`${JSON.stringify(value.slice(0, maxText))}… ${value.length} characters`, isSecret)
    }
    if (typeof value === 'bigint') return leaf(`${value}n`, isSecret)
    if (typeof value === 'function') return leaf('function', isSecret)
    if (typeof value !== 'object' || value === null) return leaf(String(value), isSecret)
    const known = describeKnown(value)
    if (known !== null) {
      isWhole = false
      return leaf(known, isSecret)
    }
    if (depth >= maxDepth) {
      isWhole = false
      return leaf(Array.isArray(value) ? '[…]' : '{…}', isSecret)
    }
    const names = Object.keys(value)
    const entries: (readonly [string, PreviewNode])[] = []
    for (const name of names) {
      if (left <= 0) break
      const field = Object.getOwnPropertyDescriptor(value, name)?.value
      entries.push([name, visit(field, depth + 1, isSecret || isSecretName(name))])
    }
    const more = names.length - entries.length
    if (more > 0) isWhole = false
    return { kind: Array.isArray(value) ? 'list' : 'record', entries, more }
  }

  const root = visit(value, 0, false)
  return { root, isWhole }
}

/** What is no plain data, in a word. */
function describeKnown(value: object): string | null {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'Date(invalid)' : `Date(${value.toISOString()})`
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    return `${value.constructor.name} of ${value.byteLength} bytes`
  }
  if (typeof Blob !== 'undefined' && value instanceof Blob) return `Blob of ${value.size} bytes`
  if (typeof Response !== 'undefined' && value instanceof Response) return 'Response'
  if (value instanceof Map || value instanceof Set) return `${value.constructor.name} of ${value.size}`
  if (Symbol.asyncIterator in value) return 'a series'
  return null
}

/** What stands in the place of a secret. */
const hidden = '••••••'

/**
 * Says a preview in one line, as code.
 *
 * @param reveals also what fields hold that look like secrets
 */
export const printPreview = ({ root }: Preview, reveals = false): string => {
  const print = (node: PreviewNode): string => {
    if (node.kind === 'leaf') return node.isSecret && !reveals ? hidden : node.text
    const isList = node.kind === 'list'
    const parts = node.entries.map(([name, value]) =>
      isList ? print(value) : `${quoted(name)}: ${print(value)}`,
    )
    if (node.more > 0) parts.push(`… ${node.more} more`)
    if (isList) return `[${parts.join(', ')}]`
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
  }
  return print(root)
}

/** Whether anything of it is hidden at first. */
export const hasSecrets = ({ root }: Preview): boolean => {
  const look = (node: PreviewNode): boolean =>
    node.kind === 'leaf' ? node.isSecret : node.entries.some(([, value]) => look(value))
  return look(root)
}

const quoted = (name: string): string => (/^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name))

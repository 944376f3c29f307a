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

type Primitive = string | number | boolean | bigint | symbol | null | undefined

/** What is no list or record is kept as it is, where it is small, or as words about it. */
type PreviewNode =
  | { readonly kind: 'value'; readonly value: Primitive }
  | { readonly kind: 'words'; readonly text: string }
  | {
      readonly kind: 'list' | 'record'
      readonly entries: readonly (readonly [name: string, value: PreviewNode])[]
      /** Entries that were left out. */
      readonly more: number
    }

/** Made for every request, panel or not: words, and what is secret, are a matter of whoever prints it. */
class Previewer {
  isWhole = true
  private left = maxNodes

  visit(value: unknown, depth: number): PreviewNode {
    this.left--
    if (typeof value === 'string' && value.length > maxText) {
      return this.words(`${JSON.stringify(value.slice(0, maxText))}… ${value.length} characters`)
    }
    if (typeof value === 'function') return { kind: 'words', text: 'function' }
    if (typeof value !== 'object' || value === null) return { kind: 'value', value: value as Primitive }
    const isList = Array.isArray(value)
    const known = isList || Object.getPrototypeOf(value) === Object.prototype ? null : describeKnown(value)
    if (known !== null) return this.words(known)
    if (depth >= maxDepth) return this.words(isList ? '[…]' : '{…}')
    const names = Object.keys(value)
    const entries: (readonly [string, PreviewNode])[] = []
    for (const name of names) {
      if (this.left <= 0) break
      entries.push([name, this.visit(Object.getOwnPropertyDescriptor(value, name)?.value, depth + 1)])
    }
    const more = names.length - entries.length
    if (more > 0) this.isWhole = false
    return { kind: isList ? 'list' : 'record', entries, more }
  }

  private words(text: string): PreviewNode {
    this.isWhole = false
    return { kind: 'words', text }
  }
}

/**
 * Makes a copy that is bounded, whatever the value is: 64 parts, 5 levels, 240 characters each. It calls nothing of the
 * value's own: no getter, no `toJSON`.
 */
export const previewOf = (value: unknown): Preview => {
  const previewer = new Previewer()
  const root = previewer.visit(value, 0)
  return { root, isWhole: previewer.isWhole }
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
  const print = (node: PreviewNode, isSecret: boolean): string => {
    if (node.kind === 'value' || node.kind === 'words') return isSecret && !reveals ? hidden : printLeaf(node)
    const isList = node.kind === 'list'
    const parts = node.entries.map(([name, value]) => {
      const text = print(value, isSecret || secretName.test(name))
      return isList ? text : `${quoted(name)}: ${text}`
    })
    if (node.more > 0) parts.push(`… ${node.more} more`)
    if (isList) return `[${parts.join(', ')}]`
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
  }
  // Control characters, and what turns text around, are shown and not acted upon: no value can look like another one.
  return print(root, false).replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/gu, encodeURIComponent)
}

const printLeaf = (node: Exclude<PreviewNode, { readonly kind: 'list' | 'record' }>): string => {
  if (node.kind === 'words') return node.text
  const { value } = node
  if (typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'bigint' ? `${value}n` : String(value)
}

/** Whether anything of it is hidden at first. */
export const hasSecrets = (preview: Preview): boolean => printPreview(preview) !== printPreview(preview, true)

const quoted = (name: string): string => (/^[a-z_$][\w$]*$/i.test(name) ? name : JSON.stringify(name))

/** Bytes without a meaning: saved, never shown. */
const octets = 'application/octet-stream'

const token = "[\\w!#$%&'*+.^`|~-]+"

/** `type/subtype` of tokens (RFC 9110 §8.3.1); parameters may follow. */
const shape = new RegExp(`^(${token}/${token})[ \\t]*(?:[;,]|$)`)

/** Parameters that every browser reads alike: none holds a comma, which is where the next type may begin (Fetch Standard §2.2.2). */
const parameters = new RegExp(`^(?:[ \\t]*;[ \\t]*${token}=(?:${token}|"[ !#-+\\--\\[\\]-~]*"))*$`)

/** What browsers take for a reason to look into the bytes themselves (MIME Sniffing Standard §7). */
const unknown = new Set(['unknown/unknown', 'application/unknown', '*/*'])

/**
 * What a browser runs, or shows with what it may run, where a page opens it in its own origin: HTML, anything in XML (SVG and
 * XHTML, too), scripts, and what other documents are packed into.
 */
const active = /^text\/(?:html|xsl)$|[/+]xml$|(?:java|ecma|live|j)script|^(?:multipart|message)\//

/**
 * The content type under which a remote's bytes may be a `Response` here: its own, unless a browser would run what a page
 * makes of it. A remote is no part of this page's origin, and `blob:` URLs are. Parameters that are not plain ones are left
 * out: a browser may find another type in them, or none, and then looks into the bytes.
 */
export const passiveType = (type: string | null): string => {
  const trimmed = type?.trim() ?? ''
  const essence = shape.exec(trimmed)?.[1]
  if (essence === undefined) return octets
  const name = essence.toLowerCase()
  if (unknown.has(name) || active.test(name)) return octets
  return parameters.test(trimmed.slice(essence.length)) ? trimmed : name
}

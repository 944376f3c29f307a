/** Bytes without a meaning: saved, never shown. */
const octets = 'application/octet-stream'

/** `type/subtype` of tokens (RFC 9110 §8.3.1); parameters may follow. */
const shape = /^([\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+)\s*(?:;|$)/

/** What browsers take for a reason to look into the bytes themselves (MIME Sniffing Standard §7). */
const unknown = new Set(['unknown/unknown', 'application/unknown', '*/*'])

/**
 * What a browser runs, or shows with what it may run, where a page opens it in its own origin: HTML, anything in XML (SVG and
 * XHTML, too), scripts, and what other documents are packed into.
 */
const active = /^text\/(?:html|xsl)$|[/+]xml$|(?:java|ecma|live|j)script|^(?:multipart|message)\//

/**
 * The content type under which a remote's bytes may be a `Response` here: its own, unless a browser would run what a page
 * makes of it. A remote is no part of this page's origin, and `blob:` URLs are.
 */
export const passiveType = (type: string | null): string => {
  const essence = shape.exec(type?.trim() ?? '')?.[1]?.toLowerCase()
  if (type === null || essence === undefined || unknown.has(essence) || active.test(essence)) return octets
  return type
}

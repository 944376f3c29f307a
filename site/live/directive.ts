/** A live example, as a document asks for it. */
export interface Example {
  /** Its component: `Name.tsx`, `Name.vue` and `Name.svelte` are blocks of the document. */
  readonly name: string
  /** The pages that show the component. `stranger` does not know the device's secret. */
  readonly ids: readonly string[]
  /** Bytes per second, null for as fast as the machine. */
  readonly rate: number | null
  /** Ms from one end to the other. */
  readonly delay: number
}

const directive =
  /^<!-- live: (?<name>\w+)(?: on (?<ids>[\w, ]+?))?(?:; (?<rate>\d+) kB\/s)?(?:; (?<delay>\d+) ms)? -->$/

/**
 * Reads `<!-- live: Download on laptop, phone; 300 kB/s; 40 ms -->`, where all but the name may be left out.
 *
 * @returns null where the text is no such comment
 * @throws when it is one, and says something else
 */
export function readDirective(text: string): Example | null {
  if (!text.startsWith('<!-- live')) return null
  const { name, ids = 'laptop', rate, delay = '10' } = directive.exec(text.trim())?.groups ?? {}
  if (!name) throw new Error(`This says nothing that a live example understands: ${text}`)
  return {
    name,
    ids: ids.split(',').map((id) => id.trim()),
    rate: rate ? Number(rate) * 1000 : null,
    delay: Number(delay),
  }
}

/** All examples of a document, in their order. */
export const findExamples = (markdown: string): Example[] =>
  markdown.split('\n').flatMap((line) => readDirective(line) ?? [])

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe } from './markdown/description.ts'
import { docs, pageOf } from './routes.ts'

/** What is read by whom nobody asked for it: last in the list, under its own heading. */
const optional = /^(decisions|api|reference)\//

/**
 * Writes what programs read: each page as the Markdown that it is made of, beside it, and `llms.txt`, the list of them
 * (https://llmstxt.org).
 *
 * @param pages the documents, by their paths in `docs`
 */
export async function writePlainPages(outDir: string, pages: readonly string[]): Promise<void> {
  const lines: { page: string; line: string }[] = []
  for (const source of [...pages].sort()) {
    const markdown = await readFile(join(docs, source), 'utf8')
    const page = pageOf(source)
    const path = join(outDir, page)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, markdown)
    const title = /^# (.+)$/m.exec(markdown)?.[1] ?? page
    lines.push({ page, line: `- [${title}](${page}): ${describe(source, markdown)}` })
  }
  const main = lines.filter(({ page }) => !optional.test(page))
  const rest = lines.filter(({ page }) => optional.test(page))
  const text = [
    '# nanopeer',
    '',
    '> A remote device, as local state: PeerJS behind small nanostores stores, for React, Vue and Svelte.',
    '',
    '## Documents',
    '',
    ...main.map(({ line }) => line),
    '',
    '## Optional',
    '',
    ...rest.map(({ line }) => line),
    '',
  ]
  await writeFile(join(outDir, 'llms.txt'), text.join('\n'))
}

import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readBlocks } from '../../scripts/docs/blocks.mjs'
import { docs } from '../routes.ts'
import { findExamples } from './directive.ts'

/** Where the examples' code lies while it is built: in this package, whose frameworks it imports. */
const sources = fileURLToPath(new URL('../.cache/live/source', import.meta.url))

const fileName = /^(?:\/\/|<!--) ([\w-]+\.\w+)(?: -->)?$/

/**
 * Takes the code of all live examples out of the documents: what runs in a page is what stands in it. A document's named
 * blocks become files of one folder.
 *
 * @throws when an example has no device, or no component in one of the three frameworks
 */
export async function extractExamples(): Promise<void> {
  const wanted = new Map<string, string>()
  for (const name of await readdir(docs, { recursive: true })) {
    if (!name.endsWith('.md')) continue
    const page = name.slice(0, -'.md'.length).replaceAll('\\', '/')
    const examples = findExamples(await readFile(join(docs, name), 'utf8'))
    if (examples.length === 0) continue
    const files = readFiles(page)
    const needed = examples.flatMap(({ name }) => [`${name}.tsx`, `${name}.vue`, `${name}.svelte`])
    const missing = ['device.ts', ...needed].filter((file) => !files.has(file))
    if (missing.length > 0) throw new Error(`docs/${name} has a live example, and no ${missing.join(', ')}.`)
    for (const [file, text] of files) wanted.set(join(sources, page, file), text)
  }
  await removeOthers(wanted)
  await Promise.all([...wanted].map(([path, text]) => writeChanged(path, text)))
}

/** The named blocks of a document, by their names. */
function readFiles(page: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const { lines } of readBlocks(`docs/${page}.md`)) {
    const [, name] = fileName.exec(lines[0] ?? '') ?? []
    if (name) files.set(name, `${lines.slice(1).join('\n')}\n`)
  }
  return files
}

async function removeOthers(wanted: ReadonlyMap<string, string>): Promise<void> {
  if (!existsSync(sources)) return
  for (const entry of await readdir(sources, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && !wanted.has(path)) await rm(path)
  }
}

/** Leaves a file alone that is as it should be: whoever watches it has nothing to do. */
async function writeChanged(path: string, text: string): Promise<void> {
  if (existsSync(path) && (await readFile(path, 'utf8')) === text) return
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

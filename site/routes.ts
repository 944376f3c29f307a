import { existsSync, statSync } from 'node:fs'
import { join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const repository = fileURLToPath(new URL('..', import.meta.url))

/** What the site is made of. */
export const docs = join(repository, 'docs')

/** Folders read their README on a code host, and their index on a site. */
export const rewrites: Record<string, string> = {
  'README.md': 'documents.md',
  ':folder/README.md': ':folder/index.md',
}

/** The document that is being rendered, by its path in `docs`. @param env what VitePress hands to Markdown's rules */
export const sourceOf = (env: { readonly path?: string; readonly realPath?: string }): string =>
  relative(docs, env.realPath ?? env.path ?? '').replaceAll('\\', '/')

/** The page that a document becomes. @param source its path in `docs` */
export const pageOf = (source: string): string => {
  if (source === 'README.md') return 'documents.md'
  return source.replace(/(^|\/)README\.md$/, '$1index.md')
}

/** Documents outside `docs` whose text a page of the site has. */
const elsewhere: Record<string, string> = { 'README.md': 'index.md' }

/**
 * The page that a link of a document leads to, null where it leads to something in the repository that is no page.
 *
 * @param source the document's path in `docs`
 * @param target a path relative to the document, without a hash
 * @throws when there is nothing under that path
 */
export function resolveLink(source: string, target: string): string | null {
  const path = posix.normalize(posix.join('docs', posix.dirname(source), target)).replace(/\/$/, '')
  const page = elsewhere[path]
  if (page) return page
  const absolute = join(repository, path)
  if (!existsSync(absolute)) throw new Error(`docs/${source} links to ${target}, which is not there.`)
  const file = statSync(absolute).isDirectory() ? posix.join(path, 'README.md') : path
  const isPage = file.startsWith('docs/') && file.endsWith('.md') && existsSync(join(repository, file))
  return isPage ? pageOf(file.slice('docs/'.length)) : null
}

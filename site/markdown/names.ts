import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MarkdownRenderer } from 'vitepress'
import { docs, sourceOf } from '../routes.ts'

type Token = ReturnType<MarkdownRenderer['parse']>[number]

/** Entries in the order in which a name is looked up: what adapters export of core's is core's. */
const entries = ['core', 'testing', 'node', 'server', 'react']

/** Pages that are written for those who know the names. */
const withoutLinks = /^(reference|decisions|api)\//

/**
 * Leads the first `name` of an export on a page to what the reference says of it, and that of a hook to the hook's page.
 * The documents themselves stay free of such links, which a code host could not follow.
 */
export function linkNames(md: MarkdownRenderer): void {
  const pages = readNames()
  md.core.ruler.push('name-links', ({ tokens, env, Token }) => {
    const source = sourceOf(env)
    if (withoutLinks.test(source)) return
    const seen = new Set<string>()
    for (const [index, { type, children }] of tokens.entries()) {
      if (type !== 'inline' || !children || tokens[index - 1]?.type === 'heading_open') continue
      let depth = 0
      const linked = children.flatMap((token): Token[] => {
        depth += token.type === 'link_open' ? 1 : token.type === 'link_close' ? -1 : 0
        if (depth > 0 || token.type !== 'code_inline') return [token]
        const name = token.content.replace(/\(\)$/, '')
        const page = pages.get(name)
        if (!page || seen.has(name) || page.startsWith(source.replace(/\.md$/, ''))) return [token]
        seen.add(name)
        const opening = new Token('link_open', 'a', 1)
        opening.attrs = [
          ['href', `/${page}`],
          ['class', 'name-link'],
        ]
        return [opening, token, new Token('link_close', 'a', -1)]
      })
      children.splice(0, children.length, ...linked)
    }
  })
}

/** Where each export is described. */
function readNames(): Map<string, string> {
  const names = new Map<string, string>()
  for (const entry of entries) {
    const text = readFileSync(join(docs, 'reference', `${entry}.md`), 'utf8')
    for (const [, name = ''] of text.matchAll(/^### (\w+)(?:\\?<.*>)?(?:\(\))?$/gm)) {
      const hook = `hooks/${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
      const page = existsSync(join(docs, `${hook}.md`))
        ? `${hook}.md`
        : `reference/${entry}.md#${name.toLowerCase()}`
      if (!names.has(name)) names.set(name, page)
    }
  }
  return names
}

import type { MarkdownRenderer } from 'vitepress'
import { resolveLink, sourceOf } from '../routes.ts'

/**
 * Leads links between documents, as a code host follows them, to pages of the site. What is in the repository and has
 * no page is shown without a link.
 */
export function leadLinks(md: MarkdownRenderer): void {
  md.core.ruler.push('document-links', ({ tokens, env }) => {
    const source = sourceOf(env)
    for (const { children } of tokens) {
      let isOpen = true
      for (const token of children ?? []) {
        if (token.type === 'link_open') {
          const href = token.attrGet('href') ?? ''
          isOpen = true
          if (/^([a-z]+:|#|\/)/.test(href)) continue
          const [path = '', hash] = href.split('#')
          const page = resolveLink(source, decodeURI(path))
          isOpen = page !== null
          if (page) token.attrSet('href', `/${page}${hash ? `#${hash}` : ''}`)
          else withoutLink(token, path)
        } else if (token.type === 'link_close' && !isOpen) {
          token.tag = 'span'
          isOpen = true
        }
      }
    }
  })
}

function withoutLink(
  token: { type: string; tag: string; attrs: [string, string][] | null },
  path: string,
): void {
  token.type = 'repository_open'
  token.tag = 'span'
  token.attrs = [['title', `In the repository: ${path.replace(/^(\.\.\/)+/, '')}`]]
}

import type { MarkdownRenderer } from 'vitepress'
import { readDirective } from '../live/directive.ts'
import { sourceOf } from '../routes.ts'

/** Puts a running example where a document has a comment such as `<!-- live: Download; 300 kB/s -->`. */
export function runExamples(md: MarkdownRenderer): void {
  md.core.ruler.after('block', 'live-examples', ({ tokens, env }) => {
    for (const token of tokens) {
      if (token.type !== 'html_block') continue
      const example = readDirective(token.content)
      if (!example) continue
      const page = sourceOf(env).replace(/\.md$/, '')
      const json = md.utils.escapeHtml(JSON.stringify(example))
      token.content = `<LiveExample page="${page}" :example="${json}" />\n`
    }
  })
}

import { renderMermaidSVG } from 'beautiful-mermaid'
import type { MarkdownRenderer } from 'vitepress'

/** The page's, so that one picture serves light and dark; the theme has the rest. */
const colours = { bg: 'var(--vp-c-bg)', fg: 'var(--vp-c-text-1)', transparent: true }

/** Draws `mermaid` blocks when the site is built: a reader loads a picture, and no library. */
export function drawDiagrams(md: MarkdownRenderer): void {
  const render = md.renderer.rules.fence
  if (!render) throw new Error('Markdown-it has a rule for fences, and this one has none.')
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index]
    if (token?.info.trim() !== 'mermaid') return render(tokens, index, ...rest)
    return `<figure class="diagram" v-pre>${withoutStyle(renderMermaidSVG(token.content, colours))}</figure>`
  }
}

/** How a picture looks is said once, in the theme: its own style would fetch letters from somebody else's server. */
const withoutStyle = (svg: string): string => svg.replace(/<style>[\s\S]*?<\/style>/, '')

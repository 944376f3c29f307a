import type { MarkdownRenderer } from 'vitepress'

const comment = /^(?:\/\/|<!--|#) ([\w-]+(?:[./][\w-]+)+)(?: -->)?\n/

/** Shows the file name that a code block begins with (`// device.ts`) above the block instead of in it. */
export function showFileNames(md: MarkdownRenderer): void {
  const render = md.renderer.rules.fence
  if (!render) throw new Error('Markdown-it has a rule for fences, and this one has none.')
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const token = tokens[index]
    const [line, name] = comment.exec(token?.content ?? '') ?? []
    if (!token || !line || !name) return render(tokens, index, ...rest)
    token.content = token.content.slice(line.length)
    return `<div class="named-code"><p class="file-name">${md.utils.escapeHtml(name)}</p>${render(tokens, index, ...rest)}</div>`
  }
}

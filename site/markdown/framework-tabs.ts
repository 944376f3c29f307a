import type { MarkdownRenderer } from 'vitepress'

type Token = ReturnType<MarkdownRenderer['parse']>[number]

/** What comes under one framework's label: the tokens from `start` up to `end`, without the label. */
interface Section {
  readonly framework: string
  readonly label: number
  readonly start: number
  readonly end: number
}

const name = /^(?:\*\*)?(React|Vue|Svelte)(?: 5)?(?:\*\*)?(.*)$/

/**
 * Shows what a document says for React, Vue and Svelte one after another as tabs. In the Markdown these are
 * headings (`## React`) or paragraphs that begin with a bold name (`**React**`), as a code host shows them.
 */
export function makeFrameworkTabs(md: MarkdownRenderer): void {
  md.core.ruler.after('block', 'framework-tabs', ({ tokens, Token }) => {
    const html = (content: string): Token => {
      const token = new Token('html_block', '', 0)
      token.content = content
      return token
    }
    for (const sections of findGroups(tokens).reverse()) {
      const wrapped = sections.flatMap(({ framework, start, end }) => [
        html(`<template #${framework}>\n\n`),
        ...tokens.slice(start, end),
        html('</template>\n'),
      ])
      const [first, last] = [sections[0], sections.at(-1)]
      if (!first || !last) continue
      tokens.splice(
        first.label,
        last.end - first.label,
        html('<FrameworkTabs>\n'),
        ...wrapped,
        html('</FrameworkTabs>\n'),
      )
    }
  })
}

/** Sections that follow each other at once, two at least; a name alone is a heading like any other. */
function findGroups(tokens: Token[]): Section[][] {
  const groups: Section[][] = []
  for (let index = 0; index < tokens.length; index += 1) {
    const section = readSection(tokens, index)
    if (!section) continue
    const group = groups.at(-1)
    const isNext =
      group?.at(-1)?.end === section.label && !group.some((other) => other.framework === section.framework)
    if (group && isNext) group.push(section)
    else groups.push([section])
    index = section.end - 1
  }
  return groups.filter((group) => group.length > 1)
}

function readSection(tokens: Token[], label: number): Section | null {
  const [opening, inline] = [tokens[label], tokens[label + 1]]
  if (!opening || !inline || opening.level !== 0) return null
  const isHeading = opening.type === 'heading_open'
  if (!isHeading && opening.type !== 'paragraph_open') return null
  const [, framework, rest = ''] = name.exec(inline.content) ?? []
  if (!framework) return null
  if (isHeading) {
    return rest ? null : { framework, label, start: label + 3, end: endOfHeading(tokens, label + 3) }
  }
  if (!inline.content.startsWith('**')) return null
  const end = endOfBlocks(tokens, label + 3)
  if (end === label + 3) return null
  // What is said of this framework beside its name stays above its code.
  return { framework, label, start: rest ? label : label + 3, end }
}

/** A heading's section ends with the next heading. */
function endOfHeading(tokens: Token[], start: number): number {
  const next = tokens.findIndex((token, index) => index >= start && token.type === 'heading_open')
  return next === -1 ? tokens.length : next
}

/** A bold name's section is the code right under it, and the comments about that. */
function endOfBlocks(tokens: Token[], start: number): number {
  let end = start
  for (let index = start; index < tokens.length; index += 1) {
    const type = tokens[index]?.type
    if (type === 'fence') end = index + 1
    else if (type !== 'html_block') break
  }
  return end
}

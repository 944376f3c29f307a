import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PageData } from 'vitepress'
import { docs } from '../routes.ts'

/** The longest description that search engines show. */
const longest = 200

/**
 * What a page says about itself: its first paragraph, without Markdown, up to a whole sentence.
 *
 * @throws when a page has no paragraph: every page begins by saying what it is
 */
export function describe(page: string, markdown: string): string {
  const text = markdown.replace(/^---\n[\s\S]*?\n---\n/, '')
  const paragraph = text
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .find((block) => /^[\p{L}`*[]/u.test(block) && !/^\*\*\w+\*\*$/.test(block))
  if (!paragraph) throw new Error(`${page} has no paragraph that says what it is about.`)
  const plain = paragraph
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/\s+/g, ' ')
  return shorten(plain)
}

function shorten(text: string): string {
  if (text.length <= longest) return text
  const sentence = /^.{40,}?[.?!:](?= )/.exec(text.slice(0, longest))?.[0]
  return sentence ?? `${text.slice(0, text.lastIndexOf(' ', longest))} …`
}

/** Gives a page the description that it has in its text. */
export function describePage(page: PageData): Partial<PageData> {
  return { description: describe(page.filePath, readFileSync(join(docs, page.filePath), 'utf8')) }
}

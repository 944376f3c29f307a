import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from '../processes.mjs'

/**
 * @typedef {object} Block
 * @property {string} language
 * @property {number} line the number of the line above its first one, which is its fence
 * @property {string[]} lines
 * @property {string[]} preludes what it needs around it, by names in `preludes/`
 * @property {string | null} skip why it is not checked
 */

const fence = /^(\s*)```(\w*)/
const comment = /^\s*<!-- check: (?:prelude (?<preludes>[\w -]+?)|skip, (?<skip>.+?)) -->\s*$/

/**
 * The code blocks of a document. A comment in the line before a block is about that block:
 * `<!-- check: prelude name name … -->` or `<!-- check: skip, reason -->`.
 *
 * @param {string} document its path in the repository
 * @returns {Block[]}
 */
export function readBlocks(document) {
  /** @type {Block[]} */
  const blocks = []
  /** @type {Block | null} */
  let block = null
  let about = null
  for (const [index, line] of readFileSync(join(repository, document), 'utf8').split('\n').entries()) {
    const opening = fence.exec(line)
    if (block && opening) {
      block = null
    } else if (block) {
      block.lines.push(line)
    } else if (opening) {
      block = {
        language: opening[2] ?? '',
        line: index + 1,
        lines: [],
        preludes: about?.preludes?.split(' ') ?? [],
        skip: about?.skip ?? null,
      }
      blocks.push(block)
    } else if (line.trimStart().startsWith('<!-- check:') && !comment.test(line)) {
      throw new Error(`${document}:${index + 1}: this comment is neither a prelude nor a skip with a reason.`)
    }
    about = comment.exec(line)?.groups ?? (line.trim() === '' ? about : null)
  }
  if (block) throw new Error(`${document}:${block.line}: this block has no end.`)
  return blocks
}

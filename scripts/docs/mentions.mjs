import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repository } from '../processes.mjs'

/**
 * What a document names and the repository does not have: scripts (`npm run …`), and files that it links to.
 *
 * @param {string} document
 * @returns {string[]} one message for each
 */
export function findMissing(document) {
  const text = readFileSync(join(repository, document), 'utf8')
  const scripts = scriptsNear(document)
  /** @type {string[]} */
  const missing = []
  let isCode = false
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trimStart().startsWith('```')) isCode = !isCode
    const here = `${document}:${index + 1}`
    for (const [, name = ''] of line.matchAll(/npm run ([\w:-]+)/g)) {
      if (!(name in scripts)) missing.push(`${here}: there is no script "${name}".`)
    }
    // What a block of code links to is in the reader's own folder, not in this one.
    if (isCode) continue
    for (const [, target = ''] of line.matchAll(/(?:\]\(|(?:src|srcset|href)=")([^)\s"#]+)/g)) {
      if (/^[a-z]+:/.test(target) || existsSync(join(repository, dirname(document), target))) continue
      missing.push(`${here}: there is no ${target}.`)
    }
  }
  return missing
}

/** The scripts of the repository, and of the document's own package. @param {string} document */
function scriptsNear(document) {
  const folders = new Set(['.', dirname(document)])
  const paths = [...folders].map((folder) => join(repository, folder, 'package.json')).filter(existsSync)
  return Object.assign({}, ...paths.map((path) => JSON.parse(readFileSync(path, 'utf8')).scripts))
}

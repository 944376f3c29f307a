import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readBlocks } from '../docs/blocks.mjs'
import { tarballPath } from '../pack.mjs'
import { repository, run } from '../processes.mjs'

/** The tutorials: the page in `docs/tutorials`, and the folder of `examples` that has what the page ends with. */
export const tutorials = [
  { page: 'nas-in-a-page', example: 'nas' },
  { page: 'pair-a-phone', example: 'lamp' },
  { page: 'chat', example: 'chat' },
  { page: 'sensors', example: 'sensors' },
  { page: 'from-raw-peerjs', example: 'clock' },
]

/** The README's first program is followed like a tutorial, once in each framework; what it ends with is in no folder. */
export const quickStarts = ['React', 'Vue', 'Svelte']

/**
 * @typedef {object} Tutorial
 * @property {Map<string, string>} files what its reader writes, by file name
 * @property {string[]} setUp the commands that make the folder, `npm …`
 * @property {string[]} commands those that keep running, each in a terminal: `npx …`
 */

const fileName = /^(?:\/\/|<!--) ([\w-]+(?:\.\w+)+)(?: -->)?$/

/** Reads a tutorial as its reader does. @param {string} page a page of `docs/tutorials`, or one of `quickStarts` @returns {Tutorial} */
export function readTutorial(page) {
  /** @type {Tutorial} */
  const tutorial = { files: new Map(), setUp: [], commands: [] }
  for (const { language, lines } of quickStarts.includes(page)
    ? readQuickStart(page)
    : readBlocks(`docs/tutorials/${page}.md`)) {
    const [, name] = fileName.exec(lines[0] ?? '') ?? []
    if (name) tutorial.files.set(name, `${lines.slice(1).join('\n')}\n`)
    if (language !== 'sh') continue
    tutorial.setUp.push(...lines.filter((line) => line.startsWith('npm ')))
    tutorial.commands.push(...lines.filter((line) => line.startsWith('npx ')))
  }
  return tutorial
}

/**
 * The README's blocks between the heading "Quick start" and the next one: those for all readers, and those under a framework's
 * name. Vue and Svelte come after all that is React's, and say what they put in its place.
 *
 * @param {string} framework
 */
function readQuickStart(framework) {
  const lines = readFileSync(join(repository, 'README.md'), 'utf8').split('\n')
  const start = lines.indexOf('## Quick start')
  const lineOf = (/** @type {string} */ text) =>
    lines.findIndex((line, index) => index > start && line.startsWith(text))
  const [vue, svelte, end] = [lineOf('**Vue**'), lineOf('**Svelte'), lineOf('## ')]
  const [from, to] = { React: [end, end], Vue: [vue, svelte], Svelte: [svelte, end] }[framework] ?? []
  if (from === undefined || to === undefined)
    throw new Error(`The README has no quick start in ${framework}.`)
  return readBlocks('README.md').filter(
    ({ line }) => (line > start && line < vue) || (line > from && line < to),
  )
}

/**
 * Runs a tutorial's `npm` commands in a fresh folder, with the packed packages in place of published ones.
 *
 * @param {string} page
 * @param {string} folder
 * @returns {Promise<boolean>} whether all of them succeeded
 */
export async function setUpTutorial(page, folder) {
  await mkdir(folder, { recursive: true })
  for (const command of readTutorial(page).setUp) {
    const [npm = '', ...words] = command.split(' ')
    const quiet =
      words[0] === 'install' ? ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'] : []
    if ((await run(npm, [...words.map(packed), ...quiet], { cwd: folder })) !== 0) {
      console.error(`${page}: ${command} failed.`)
      return false
    }
  }
  return true
}

/** @param {string} word of a command */
function packed(word) {
  const [, name] = /^@nanopeer\/(\w+)$/.exec(word) ?? []
  return name ? tarballPath(name) : word
}

/**
 * Writes a tutorial's files, with other ports than those of the page: another program may have them here.
 *
 * @param {Tutorial} tutorial
 * @param {string} folder
 * @param {(text: string) => string} withPorts
 */
export async function writeFiles(tutorial, folder, withPorts) {
  for (const [name, text] of tutorial.files) {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, withPorts(text))
  }
}

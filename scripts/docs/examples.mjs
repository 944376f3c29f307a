import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { repository } from '../processes.mjs'
import { compilerOptions, linkModules } from './write.mjs'

/** Where the examples of doc comments lie as files, under the paths of their sources: one folder for each program. */
export const examplesFolder = join(repository, '.cache', 'examples')

/**
 * What has examples, and whose exports these take for granted. Each is a program of its own: `connection` is a ref in Vue.
 *
 * @type {Record<string, { packages: string[], takes: string[] }>}
 */
const programs = {
  react: {
    packages: ['core', 'server', 'react'],
    takes: ['@nanopeer/core', '@nanopeer/server', '@nanopeer/react'],
  },
  node: { packages: ['node'], takes: ['@nanopeer/node'] },
  vue: { packages: ['vue'], takes: ['@nanopeer/core', '@nanopeer/vue'] },
  svelte: { packages: ['svelte'], takes: ['@nanopeer/core', '@nanopeer/svelte'] },
}

/** @typedef {{ file: string, line: number, lines: string[] }} Example `line`: the number of the line above its first one */

/** Writes the examples of all doc comments as files whose lines have the same numbers as in their sources. */
export function writeExamples() {
  rmSync(examplesFolder, { recursive: true, force: true })
  for (const [program, { packages, takes }] of Object.entries(programs)) {
    const folder = join(examplesFolder, program)
    linkModules(folder)
    for (const name of ['shared', program]) {
      cpSync(join(repository, 'scripts/docs/examples', `${name}.d.ts`), join(folder, `${name}.d.ts`))
    }
    writeFileSync(join(folder, 'exports.d.ts'), declareExports(takes))
    const settings = { compilerOptions, include: ['*.d.ts', 'packages/**/*'], exclude: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings, null, 2))
    for (const example of packages.flatMap((name) => [...readExamples(`packages/${name}/src`)])) {
      writeExample(folder, program, example)
    }
  }
}

/** What the packages export at run time, under the same names in the global scope. @param {string[]} entries */
function declareExports(entries) {
  const lines = entries.flatMap((entry) =>
    namesOf(entry).map((name) => `  var ${name}: typeof import('${entry}').${name}`),
  )
  return `export {}\ndeclare global {\n${lines.join('\n')}\n}\n`
}

/** @param {string} entry */
function namesOf(entry) {
  const [, name, part = 'index'] = /^@nanopeer\/(\w+)(?:\/(\w+))?$/.exec(entry) ?? []
  const source = readFileSync(join(repository, `packages/${name}/src/${part}.ts`), 'utf8')
  const lists = [...source.matchAll(/^export \{([^}]*)\} from/gm)].map(([, list = '']) => list)
  return lists
    .flatMap((list) => list.split(','))
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('type '))
}

/** @param {string} folder @returns {Generator<Example>} */
function* readExamples(folder) {
  for (const entry of readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.ts')) continue
    const file = `${folder}/${entry.replaceAll('\\', '/')}`
    /** @type {Example | null} */
    let example = null
    for (const [index, line] of readFileSync(join(repository, file), 'utf8').split('\n').entries()) {
      const said = /^\s*\*(?!\/) ?(?<text>.*)$/.exec(line)?.groups?.text
      if (said === '@example') example = { file, line: index + 1, lines: [] }
      else if (example && said !== undefined && !said.startsWith('@')) example.lines.push(said)
      else if (example) {
        yield example
        example = null
      }
    }
  }
}

/** @param {string} folder @param {string} program @param {Example} example */
function writeExample(folder, program, { file, line, lines }) {
  const isModule = program === 'react' || program === 'node'
  const path = join(folder, file, `line-${line + 1}.${isModule ? 'tsx' : program}`)
  mkdirSync(dirname(path), { recursive: true })
  const above = Array(line - 1).fill('')
  const written = isModule ? asModule(above, lines) : asComponent(program, above, lines)
  writeFileSync(path, written.join('\n'))
}

/** What ends with what it renders is the body of a component. @param {string[]} above @param {string[]} lines */
const asModule = (above, lines) =>
  lines.some((line) => line.startsWith('return '))
    ? [...above, 'export function Example() {', ...lines, '}']
    : [...above, '', ...lines]

/** The comments at its end are what it renders. @param {string} program @param {string[]} above @param {string[]} lines */
function asComponent(program, above, lines) {
  const isMarkup = (/** @type {string} */ line) => /^\/\/ [<{]/.test(line)
  const markup = lines
    .filter(isMarkup)
    .map((line) => line.replace(/^\/\/ (<template>)?/, '').replace('</template>', ''))
  const script = program === 'vue' ? '<script setup lang="ts">' : '<svelte:options runes /><script lang="ts">'
  const body = [...above, script, ...lines.filter((line) => !isMarkup(line)), '</script>']
  return program === 'vue' ? [...body, '<template>', ...markup, '</template>'] : [...body, ...markup]
}

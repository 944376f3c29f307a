import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { repository } from '../processes.mjs'

/** Where the blocks lie as files: one folder for each document, under the document's own path. */
export const checkedFolder = join(repository, '.cache', 'docs')

/** What blocks import, and the folder that has it. The packages are found as their users find them: built. */
const modules = {
  '@nanopeer/core': 'packages/core',
  '@nanopeer/devtools': 'packages/devtools',
  '@nanopeer/node': 'packages/node',
  '@nanopeer/server': 'packages/server',
  '@nanopeer/react': 'packages/react',
  '@nanopeer/svelte': 'packages/svelte',
  '@nanopeer/vue': 'packages/vue',
  '@nanostores/logger': 'packages/core/node_modules/@nanostores/logger',
  '@tanstack/react-query': 'packages/react/node_modules/@tanstack/react-query',
  '@tanstack/svelte-query': 'packages/svelte/node_modules/@tanstack/svelte-query',
  '@tanstack/vue-query': 'packages/vue/node_modules/@tanstack/vue-query',
  '@sveltejs/vite-plugin-svelte': 'node_modules/@sveltejs/vite-plugin-svelte',
  '@vitejs/plugin-basic-ssl': 'node_modules/@vitejs/plugin-basic-ssl',
  '@vitejs/plugin-react': 'node_modules/@vitejs/plugin-react',
  '@vitejs/plugin-vue': 'node_modules/@vitejs/plugin-vue',
  '@types/node': 'node_modules/@types/node',
  '@types/react': 'packages/react/node_modules/@types/react',
  '@types/react-dom': 'packages/react/node_modules/@types/react-dom',
  nanostores: 'packages/core/node_modules/nanostores',
  peerjs: 'packages/core/node_modules/peerjs',
  pinia: 'packages/vue/node_modules/pinia',
  react: 'packages/react/node_modules/react',
  'react-dom': 'packages/react/node_modules/react-dom',
  svelte: 'node_modules/svelte',
  uqr: 'node_modules/uqr',
  vite: 'node_modules/vite',
  vitest: 'node_modules/vitest',
  vue: 'node_modules/vue',
}

export const compilerOptions = {
  target: 'ES2022',
  module: 'ESNext',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
  noEmit: true,
  jsx: 'react-jsx',
}

/** The languages that are checked, by the program that does it. */
const languages = { vueTsc: ['ts', 'tsx', 'vue'], svelteCheck: ['svelte'] }

/** @param {string} language */
export const isChecked = (language) => [...languages.vueTsc, ...languages.svelteCheck].includes(language)

/** Begins anew, with nothing but what makes imports work. */
export function prepareFolder() {
  rmSync(checkedFolder, { recursive: true, force: true })
  linkModules(checkedFolder)
  for (const [program, extensions] of Object.entries(languages)) {
    const include = extensions.map((extension) => `**/*.${extension}`)
    const settings = { compilerOptions, include, exclude: ['node_modules'] }
    writeFileSync(join(checkedFolder, `tsconfig.${program}.json`), JSON.stringify(settings, null, 2))
  }
}

/** Lets what lies in a folder import the packages and what they are used with. @param {string} folder */
export function linkModules(folder) {
  for (const [name, target] of Object.entries(modules)) {
    const link = join(folder, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(repository, target), link, 'junction')
  }
}

/**
 * Writes a document's blocks as files whose lines have the same numbers as in the document. A block whose first line
 * is a comment with a file name (`// actions.ts`) can be imported by the others under that name; a document without
 * an `actions.ts` has the one of the README.
 *
 * @param {string} document
 * @param {import('./blocks.mjs').Block[]} blocks
 */
export function writeBlocks(document, blocks) {
  const folder = join(checkedFolder, document)
  for (const block of blocks) {
    const path = join(folder, nameOf(block))
    if (existsSync(path))
      throw new Error(`${document}:${block.line}: this file name is taken by another block.`)
    mkdirSync(dirname(path), { recursive: true })
    const above = preludeOf(document, block)
    const padding = Array(block.line - above.length).fill('')
    writeFileSync(path, [...above, ...padding, ...block.lines, ''].join('\n'))
  }
  const actions = join(folder, 'actions.ts')
  if (existsSync(folder) && !existsSync(actions)) {
    const ofReadme = relative(folder, join(checkedFolder, 'README.md', 'actions'))
    writeFileSync(actions, `export * from '${ofReadme.replaceAll('\\', '/')}'\n`)
  }
}

/** @param {import('./blocks.mjs').Block} block */
function nameOf({ language, line, lines }) {
  const [, name] = /^(?:\/\/|<!--) ([\w-]+(?:\.[\w-]+)+)(?: -->)?$/.exec(lines[0] ?? '') ?? []
  return name ?? `line-${line + 1}.${language}`
}

/** @param {string} document @param {import('./blocks.mjs').Block} block */
function preludeOf(document, { preludes, language, line }) {
  if (preludes.length === 0) return []
  const folder = join(repository, 'scripts', 'docs', 'preludes')
  const lines = preludes.flatMap((name) =>
    readFileSync(join(folder, `${name}.ts`), 'utf8')
      .trimEnd()
      .split('\n'),
  )
  const script = { vue: '<script lang="ts">', svelte: '<script module lang="ts">' }[language]
  const all = script ? [script, ...lines, '</script>'] : lines
  if (all.length <= line) return all
  throw new Error(`${document}:${line}: there are fewer lines above this block than its prelude has.`)
}

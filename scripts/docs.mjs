import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withFigures } from '../bench/report/page.mjs'
import { check, outcome, sum, vitest } from './checks.mjs'
import { readBlocks } from './docs/blocks.mjs'
import { examplesFolder, writeExamples } from './docs/examples.mjs'
import { findMissing } from './docs/mentions.mjs'
import { checkedFolder, isChecked, prepareFolder, writeBlocks } from './docs/write.mjs'
import { repository } from './processes.mjs'

/**
 * Checks the code blocks of all documents against the built packages, and that the scripts and files which documents
 * name are there; then builds the site that they make. The files that the compilers complain about are called as their
 * documents are, and have the same line numbers.
 *
 * @returns {Promise<import('./checks.mjs').Counts>}
 */
export async function checkDocs() {
  const documents = [...listDocuments()]
  prepareFolder()
  const results = documents.map(prepareDocument)
  const vueTsc = join(repository, 'packages', 'vue', 'node_modules', '.bin', 'vue-tsc')
  const svelteCheck = join(repository, 'packages', 'svelte', 'node_modules', '.bin', 'svelte-check')
  const svelteOptions = ['--tsconfig', 'tsconfig.svelteCheck.json', '--output', 'human', '--fail-on-warnings']
  writeExamples()
  const compiled = await Promise.all([
    check(vueTsc, ['-p', join(checkedFolder, 'tsconfig.vueTsc.json')]),
    check(svelteCheck, ['--workspace', checkedFolder, ...svelteOptions]),
    check(vueTsc, ['-p', join(examplesFolder, 'react')]),
    check(vueTsc, ['-p', join(examplesFolder, 'node')]),
    check(vueTsc, ['-p', join(examplesFolder, 'vue')]),
    check(svelteCheck, ['--workspace', join(examplesFolder, 'svelte'), '--tsconfig', 'tsconfig.json']),
  ])
  // After the compilers, which take both cores: the build of the site fails on a dead link, or a page that says nothing.
  const site = await check('node', ['site/build.mjs', 'build'])
  const total = sum([...results, ...compiled, checkFigures(), site])
  return site.failures.length > 0 ? total : sum([total, await vitest(['site:unit'], ['site:unit'])])
}

/** Every Markdown file that is meant for users and contributors, the README first. */
function* listDocuments() {
  yield 'README.md'
  yield 'CONTRIBUTING.md'
  yield 'AGENTS.md'
  for (const folder of ['packages', 'examples']) {
    for (const name of readdirSync(join(repository, folder))) {
      const files = readdirSync(join(repository, folder, name))
      if (files.includes('README.md')) yield `${folder}/${name}/README.md`
    }
  }
  for (const name of readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' })) {
    const path = name.replaceAll('\\', '/')
    // The reference is written from what the compiler has checked.
    if (path.endsWith('.md') && !path.startsWith('reference/')) yield `docs/${path}`
  }
}

/** The page of figures says what was measured last. @returns {import('./checks.mjs').Counts} */
function checkFigures() {
  const page = readFileSync(join(repository, 'docs/performance.md'), 'utf8')
  const results = JSON.parse(readFileSync(join(repository, 'bench/results.json'), 'utf8'))
  const isRight = withFigures(page, results) === page
  return outcome(isRight, 'docs/performance.md does not say what bench/results.json has: run npm run bench.')
}

/** @param {string} document @returns {import('./checks.mjs').Counts} */
function prepareDocument(document) {
  const problems = findMissing(document)
  const blocks = readBlocks(document).filter(({ language }) => isChecked(language))
  writeBlocks(
    document,
    blocks.filter(({ skip }) => !skip),
  )
  const skipped = blocks.filter(({ skip }) => skip).length
  return { ...outcome(problems.length === 0, problems.join('\n')), skipped }
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { repository } from '../processes.mjs'
import { byName, mentioned, print, resolve } from './symbols.mjs'

/**
 * Describes what built packages give their users: every entry's exports, and below them the types that they mention
 * and users cannot name. What an earlier entry or another package exports is told by its name alone.
 *
 * @param {string[]} folders of the packages
 * @returns {Map<string, string>} Markdown for each
 */
export function describePackages(folders) {
  const packages = folders.map(readPackage)
  const program = ts.createProgram({
    rootNames: packages.flatMap(({ entries }) => entries.map(({ file }) => file)),
    options: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      skipLibCheck: true,
      types: [],
    },
  })
  return new Map(packages.map((one) => [one.folder, describePackage(one, program)]))
}

/** @param {string} folder */
function readPackage(folder) {
  const path = join(repository, 'packages', folder)
  const { name, exports } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'))
  const entries = Object.keys(exports).map((key) => ({
    specifier: join(name, key),
    file: join(path, exports[key].types),
  }))
  return { folder, name, entries, declarations: join(path, 'dist/') }
}

/** @param {ReturnType<typeof readPackage>} described @param {ts.Program} program */
function describePackage({ name, entries, declarations }, program) {
  const checker = program.getTypeChecker()
  const isOwn = (/** @type {ts.Declaration} */ declaration) =>
    declaration.getSourceFile().fileName.startsWith(declarations)
  /** @type {Map<ts.Symbol, string>} and the entry that exported it first */
  const exported = new Map()
  /** @type {Set<ts.Symbol>} */
  const shown = new Set()

  const sections = entries.map(({ specifier, file }) => {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    if (!module) throw new Error(`${file} is no module: build ${name} first.`)
    /** @type {string[]} */
    const elsewhere = []
    /** @type {ts.Symbol[]} */
    const here = []
    for (const symbol of checker.getExportsOfModule(module).sort(byName)) {
      const target = resolve(symbol, checker)
      const origin =
        exported.get(target) ?? (target.declarations?.some(isOwn) ? undefined : packageOf(target))
      if (origin) elsewhere.push(`export { ${symbol.name} } from '${origin}'`)
      else here.push(target)
    }
    for (const symbol of here) exported.set(symbol, specifier)
    const unnamed = mentioned(here, checker, isOwn).filter(
      (symbol) => !exported.has(symbol) && !shown.has(symbol),
    )
    for (const symbol of unnamed) shown.add(symbol)
    const blocks = [
      elsewhere.join('\n'),
      ...here.map(print),
      unnamed.length > 0 ? '// Not exported, but part of the above:' : '',
      ...unnamed.sort(byName).map(print),
    ]
    const code = blocks.filter((block) => block !== '').join('\n\n')
    return `## \`${specifier}\`\n\n\`\`\`typescript\n${code}\n\`\`\``
  })
  return `${[`# ${name}`, 'What it exports. Written by `npm run api`.', ...sections].join('\n\n')}\n`
}

/** The name of the package that declares it. @param {ts.Symbol} symbol */
function packageOf({ name, declarations }) {
  const file = declarations?.[0]?.getSourceFile().fileName ?? ''
  const ours = /\/packages\/(\w+)\/dist\//.exec(file)?.[1]
  const theirs = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]
  if (!ours && !theirs) throw new Error(`${name} is declared in no package: ${file}`)
  return ours ? `@nanopeer/${ours}` : theirs
}

/**
 * The layers of core, as docs/architecture.md draws them: who may import whom, types included. `npm test` checks it in
 * its lint stage; `node scripts/layers.mjs` by itself.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import { repository } from './processes.mjs'

const source = '^packages/core/src/'
/** What both halves stand on: leaves, the codec, the seam, and the pure machines, each beside the store it drives. */
const base = `${source}(base/.+|codec/.+|engine|(peer|connection)/machine)\\.ts$`

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const rules = [
  { name: 'no circle', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'the model knows the engine through the seam alone',
    severity: 'error',
    from: {
      path: source,
      pathNot: `${source}(engine/|load-engine\\.ts$|identity/load-identity\\.ts$|peer/load-pairing\\.ts$|diagnose\\.ts$)`,
    },
    to: { path: `${source}engine/` },
  },
  {
    name: 'the engine is reached by import() alone',
    severity: 'error',
    from: { path: `${source}(load-engine|identity/load-identity|peer/load-pairing|diagnose)\\.ts$` },
    to: { path: `${source}engine/`, dynamic: false },
  },
  {
    name: 'the engine runs base leaves only',
    severity: 'error',
    from: { path: `${source}engine/` },
    to: { path: source, pathNot: [`${source}engine/`, base], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'base leaves know neither half',
    severity: 'error',
    from: { path: base },
    to: { path: source, pathNot: base },
  },
]

/**
 * Says which imports break a rule.
 *
 * @returns {Promise<string[]>} nothing when all is well
 */
export async function findBrokenLayers() {
  const folders = ['src', 'testing'].map((name) => join(repository, 'packages/core', name))
  const { output } = await cruise(
    folders,
    {
      baseDir: repository,
      ruleSet: { forbidden: rules },
      validate: true,
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
    },
    {},
    { tsConfig: extractTSConfig(join(repository, 'tsconfig.json')) },
  )
  if (typeof output === 'string') throw new TypeError('The cruise has no result to read.')
  return output.summary.violations.map(({ rule, from, to, cycle }) =>
    [`${rule.name}:`, from, '→', ...(cycle?.map(({ name }) => name) ?? [to])].join(' '),
  )
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const broken = await findBrokenLayers()
  for (const sentence of broken) console.error(sentence)
  console.log(broken.length === 0 ? 'Every import is in its layer.' : `${broken.length} imports are not.`)
  process.exitCode = broken.length > 0 ? 1 : 0
}

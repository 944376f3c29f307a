/** `npm run test:apps`: the starts in `examples/`, as somebody would have them who copied one, and the tutorials. */
import { existsSync, rmSync } from 'node:fs'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { check, outcome, sum, vitest } from '../checks.mjs'
import { npmInstall, pack, packedDependencies } from '../pack.mjs'
import { repository } from '../processes.mjs'
import { quickStarts, setUpTutorial, tutorials } from './tutorial.mjs'

const apps = ['next', 'nuxt', 'sveltekit', 'astro']

/** Nothing is told to anybody about our builds. */
const silence = {
  NEXT_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
  DO_NOT_TRACK: '1',
}

/**
 * Packs the packages, installs each app from the tarballs outside the repository, builds it for production, and
 * drives it in Chromium; and does what each tutorial says, in a fresh folder. An install and a build count as one check each.
 *
 * @returns {Promise<import('../checks.mjs').Counts>}
 */
export async function testApps() {
  const folder = await mkdtemp(join(tmpdir(), 'nanopeer-apps-'))
  try {
    if (!(await pack())) return outcome(false, 'packing the packages')
    Object.assign(process.env, silence, { NANOPEER_APPS: folder })
    const builds = []
    for (const name of apps) builds.push(await build(name, join(folder, name)))
    for (const page of [...quickStarts, ...tutorials.map(({ page }) => page)]) {
      builds.push(outcome(await setUpTutorial(page, join(folder, page)), `the commands of ${page}`))
    }
    const total = sum(builds)
    // A page that was not built can show nothing.
    return total.failures.length > 0 ? total : sum([total, await vitest(['apps'], ['apps'])])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} name @param {string} folder where it goes */
async function build(name, folder) {
  const start = performance.now()
  await cp(join(repository, 'examples', name), folder, {
    recursive: true,
    // What somebody built or installed in the repository is not part of the start.
    filter: (path) =>
      !/[/\\](node_modules|\.next|\.nuxt|\.output|\.svelte-kit|\.astro|dist|build)$/.test(path),
  })
  // Pages that nobody would copy, of what must build as well.
  const more = fileURLToPath(new URL(`more/${name}`, import.meta.url))
  if (existsSync(more)) await cp(more, folder, { recursive: true })
  await usePacked(join(folder, 'package.json'))
  const installed = await npmInstall(folder)
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${name}: installed after ${seconds()} s`)
  const built = await check('npm', ['run', 'build', '--silent', '--prefix', folder])
  console.log(`${name}: built after ${seconds()} s`)
  return sum([outcome(installed, `installing ${name} with npm`), built])
}

/** Lets an app have the packed packages in place of published ones. @param {string} path of its package.json */
async function usePacked(path) {
  const manifest = JSON.parse(await readFile(path, 'utf8'))
  const packed = packedDependencies()
  const named = []
  for (const dependencies of [manifest.dependencies, manifest.devDependencies]) {
    for (const name of Object.keys(dependencies).filter((name) => name.startsWith('@nanopeer/'))) {
      dependencies[name] = packed[name]
      named.push(name)
    }
  }
  // Nothing of ours comes from the registry, below another of our packages either.
  manifest.overrides = Object.fromEntries(named.map((name) => [name, `$${name}`]))
  await writeFile(path, JSON.stringify(manifest, null, 2))
}

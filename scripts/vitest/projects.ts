import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { type Alias, defaultClientConditions, type PluginOption } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { chromiumArguments, findChromium } from '../chromium.mjs'
import { commands } from './commands.ts'

const repository = new URL('../../', import.meta.url)

/** The absolute path of something in the repository. */
export const pathTo = (relative: string): string => fileURLToPath(new URL(relative, repository))

/** Packages resolve to their sources, so that a test needs no build; as in the `paths` of tsconfig.json. */
const sources: Alias[] = [
  { find: /^@nanopeer\/core\/adapter$/, replacement: pathTo('packages/core/src/adapter.ts') },
  { find: /^@nanopeer\/core\/engine$/, replacement: pathTo('packages/core/src/engine/carry.ts') },
  { find: /^@nanopeer\/core\/testing$/, replacement: pathTo('packages/core/testing/index.ts') },
  { find: /^@nanopeer\/(\w+)$/, replacement: `${pathTo('packages')}/$1/src/index.ts` },
]

/** What core imports at run time. */
const coreDependencies = [
  '@noble/curves/abstract/modular.js',
  '@noble/curves/abstract/weierstrass.js',
  '@noble/hashes/hkdf.js',
  '@noble/hashes/hmac.js',
  '@noble/hashes/sha2.js',
  '@scure/bip39/wordlists/english.js',
  'nanostores',
  'peerjs',
  'uuid',
]

/** The tests of one package. */
export interface Suite {
  /** Its projects are `<name>:unit`, `<name>:ssr` and so on. */
  readonly name: string
  /** The package's folder, from the root of the repository. */
  readonly folder: string
  readonly plugins?: () => PluginOption[]
  /** More aliases than those to the packages' sources. */
  readonly alias?: readonly Alias[]
  /** What browser tests import besides core's dependencies: all of it, or the first run reloads in the middle. */
  readonly dependencies?: readonly string[]
}

function project({ name, folder, plugins, alias = [] }: Suite, environment: string) {
  return {
    root: pathTo(folder),
    plugins: plugins?.(),
    resolve: { alias: [...sources, ...alias] },
    cacheDir: pathTo(`${folder}/node_modules/.cache/${name}-${environment}`),
    // A machine that is busy with something else is slow, not wrong.
    test: { name: `${name}:${environment}`, expect: { poll: { timeout: 20_000 } } },
  } satisfies TestProjectInlineConfiguration
}

/** `test/**\/*.test.ts` in Node: pure code, property tests, and real devices. */
export function unit(suite: Suite): TestProjectInlineConfiguration {
  const common = project(suite, 'unit')
  return {
    ...common,
    test: {
      ...common.test,
      include: ['test/**/*.test.ts'],
      exclude: ['test/**/*.{browser,webrtc,ssr,e2e,firefox}.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }
}

/** `test/**\/*.ssr.test.ts(x)` in Node, where there is no WebRTC and nothing may open. */
export function serverRendering(suite: Suite): TestProjectInlineConfiguration {
  const common = project(suite, 'ssr')
  return {
    ...common,
    test: { ...common.test, include: ['test/**/*.ssr.test.{ts,tsx}'], testTimeout: 60_000 },
  }
}

/** `test/**\/*.e2e.test.ts` in Node: each starts the built product and drives it from outside. */
export function endToEnd(suite: Suite): TestProjectInlineConfiguration {
  return driven(suite, 'e2e')
}

/** `test/**\/*.firefox.test.ts` in Node: what needs Firefox, beside Chromium or a device. */
export function inFirefox(suite: Suite): TestProjectInlineConfiguration {
  return driven(suite, 'firefox')
}

function driven(suite: Suite, environment: 'e2e' | 'firefox'): TestProjectInlineConfiguration {
  const common = project(suite, environment)
  return {
    ...common,
    test: {
      ...common.test,
      include: [`test/**/*.${environment}.test.ts`],
      fileParallelism: false,
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  }
}

/** `npm run test:apps`, which has built the apps before. */
export function builtApps(): TestProjectInlineConfiguration {
  const suite = endToEnd({ name: 'apps', folder: 'scripts/apps' })
  return { ...suite, test: { ...suite.test, name: 'apps', include: ['test/**/*.test.ts'] } }
}

/**
 * `test/**\/*.browser.test.ts(x)` in a real Chromium, or `*.webrtc.test.ts`: what others pass on the network in memory, once
 * more over WebRTC. The projects and files of a run are run one after another: many pages at once on a small machine would
 * make time limits a matter of luck.
 *
 * @param order the project's place in the run, from 1
 */
export async function browser(
  suite: Suite,
  order: number,
  environment: 'browser' | 'webrtc' = 'browser',
): Promise<TestProjectInlineConfiguration> {
  const common = project(suite, environment)
  // Vite looks for a dependency of a dependency from the root of the project, by this notation.
  const throughCore = suite.name === 'core' ? '' : '@nanopeer/core > '
  const executablePath = await findChromium()
  return {
    ...common,
    resolve: { ...common.resolve, conditions: [...defaultClientConditions] },
    optimizeDeps: {
      include: [...coreDependencies.map((name) => throughCore + name), ...(suite.dependencies ?? [])],
    },
    test: {
      ...common.test,
      include: [`test/**/*.${environment}.test.{ts,tsx}`],
      fileParallelism: false,
      sequence: { groupOrder: order },
      testTimeout: 30_000,
      hookTimeout: 30_000,
      browser: {
        enabled: true,
        provider: playwright({ launchOptions: { executablePath, args: chromiumArguments } }),
        headless: true,
        screenshotFailures: false,
        instances: [{ browser: 'chromium' }],
        commands,
      },
    },
  }
}

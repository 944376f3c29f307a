import { fileURLToPath } from 'node:url'
import { playwright } from '@vitest/browser-playwright'
import { type AliasOptions, defaultClientConditions, type PluginOption } from 'vite'
import type { TestProjectInlineConfiguration } from 'vitest/config'
import { chromiumArguments, findChromium } from '../chromium.mjs'
import { commands } from './commands.ts'

const repository = new URL('../../', import.meta.url)
const pathTo = (relative: string) => fileURLToPath(new URL(relative, repository))

/** Packages resolve to their sources, so that a test needs no build; as in the `paths` of tsconfig.json. */
const sources = [
  { find: /^@nanopeer\/core\/testing$/, replacement: pathTo('packages/core/src/testing/index.ts') },
  { find: /^@nanopeer\/(\w+)$/, replacement: `${pathTo('packages')}/$1/src/index.ts` },
]

/** What core imports at run time, seen from a package that depends on it. */
const coreDependencies = ['nanostores', 'peerjs', 'uuid', '@msgpack/msgpack']

/** One set of tests: the files of one package that share an environment. */
export interface Suite {
  /** The folder under `packages/`. */
  readonly folder: string
  /** Names the project where one folder is tested in several ways. @default the folder */
  readonly name?: string
  readonly plugins?: () => PluginOption[]
  /** More aliases than those to the packages' sources. */
  readonly alias?: AliasOptions & readonly unknown[]
  /** What the tests import, besides core's dependencies: all of it, or the first run reloads in the middle. */
  readonly dependencies?: readonly string[]
}

function project(suite: Suite, environment: 'unit' | 'ssr' | 'browser') {
  return {
    root: pathTo(`packages/${suite.folder}`),
    plugins: suite.plugins?.(),
    resolve: { alias: [...sources, ...(suite.alias ?? [])] as AliasOptions },
    cacheDir: pathTo(
      `packages/${suite.folder}/node_modules/.cache/${suite.name ?? suite.folder}-${environment}`,
    ),
    test: { name: `${suite.name ?? suite.folder}:${environment}` },
  } satisfies TestProjectInlineConfiguration
}

/** `test/**\/*.test.ts` in Node: pure code, property tests, and real devices. */
export function unit(suite: Suite): TestProjectInlineConfiguration {
  const common = project(suite, 'unit')
  return {
    ...common,
    test: {
      ...common.test,
      environment: 'node',
      include: ['test/**/*.test.ts'],
      exclude: ['test/**/*.{browser,ssr}.test.ts'],
    },
  }
}

/** `test/**\/*.ssr.test.ts(x)` in Node, where there is no WebRTC and nothing may open. */
export function serverRendering(suite: Suite): TestProjectInlineConfiguration {
  const common = project(suite, 'ssr')
  return {
    ...common,
    test: { ...common.test, environment: 'node', include: ['test/**/*.ssr.test.{ts,tsx}'] },
  }
}

/**
 * `test/**\/*.browser.test.ts(x)` in a real Chromium. Projects and files run one after another: two pages at
 * once on a small machine would make time limits a matter of luck.
 *
 * @param order the project's place in the run, from 1
 */
export async function browser(suite: Suite, order: number): Promise<TestProjectInlineConfiguration> {
  const common = project(suite, 'browser')
  const throughCore = suite.folder === 'core' ? '' : '@nanopeer/core > '
  const executablePath = await findChromium()
  return {
    ...common,
    resolve: { ...common.resolve, conditions: [...defaultClientConditions] },
    optimizeDeps: {
      include: [...coreDependencies.map((name) => throughCore + name), ...(suite.dependencies ?? [])],
    },
    test: {
      ...common.test,
      include: ['test/**/*.browser.test.{ts,tsx}'],
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

import { defineConfig, type Options } from 'tsup'

/** How every package is built: ES modules with type declarations, one shared recipe. */
export const library = (options: Options = {}) =>
  defineConfig({
    entry: ['src/index.ts'],
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    sourcemap: true,
    clean: true,
    // The workspace's `paths` point at sources; a package's declarations must point at its dependencies' own.
    // tsup asks the declaration compiler for `baseUrl`, which TypeScript 6 calls deprecated.
    dts: { compilerOptions: { ignoreDeprecations: '6.0', paths: {} } },
    ...options,
  })

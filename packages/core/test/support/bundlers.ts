import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import commonjs from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { build as esbuild, type Format } from 'esbuild'
import { rollup } from 'rollup'
import { build as vite } from 'vite'
import webpack from 'webpack'

/** A page as some bundler makes it of the built packages: its files by their paths, `/` being the document. */
export type BundledPage = ReadonlyMap<string, string | Uint8Array>

const pathTo = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url))

const entry = pathTo('test/pages/open.mjs')
const dist = pathTo('dist')
/** The packages as they are published, not their sources. */
const alias = { '@nanopeer/core': join(dist, 'index.js') }

/** nanostores asks for it; most bundlers put the answer there. */
const environment = '<script>var process = { env: { NODE_ENV: "production" } }</script>'

const htmlOf = (body: string): string => `<!doctype html><meta charset="utf-8">${body}`
const moduleScript = (path: string): string => htmlOf(`<script type="module" src="${path}"></script>`)

/** Every file below a folder, by its path from there. */
const filesIn = async (folder: string): Promise<[path: string, content: Uint8Array][]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
  return Promise.all(
    files.map(
      async (file): Promise<[string, Uint8Array]> => [file.slice(folder.length), await readFile(file)],
    ),
  )
}

const bundleWithEsbuild = async (entryPoint: string, format: Format): Promise<string> => {
  const { outputFiles } = await esbuild({
    entryPoints: [entryPoint],
    alias,
    bundle: true,
    write: false,
    format,
    platform: 'browser',
    mainFields: ['module', 'main'],
    logLevel: 'error',
  })
  return outputFiles[0]?.text ?? ''
}

/** No bundler: the published files behind an import map, and PeerJS as a CDN makes it one module. */
const nativePage = async (): Promise<BundledPage> => {
  const folders = {
    core: dist,
    nanostores: pathTo('node_modules/nanostores'),
    uuid: pathTo('node_modules/uuid/dist'),
  }
  const imports = {
    '@nanopeer/core': '/core/index.js',
    nanostores: '/nanostores/index.js',
    uuid: '/uuid/index.js',
    peerjs: '/peerjs.js',
  }
  const files = Object.entries(folders).map(async ([name, folder]) =>
    (await filesIn(folder)).map(([path, content]) => [`/${name}${path}`, content] as const),
  )
  const map = `<script type="importmap">${JSON.stringify({ imports })}</script>`
  return new Map<string, string | Uint8Array>([
    ...(await Promise.all(files)).flat(),
    ['/peerjs.js', await bundleWithEsbuild(pathTo('node_modules/peerjs/dist/bundler.mjs'), 'esm')],
    ['/page.js', await readFile(entry)],
    ['/', htmlOf(`${environment}${map}<script type="module" src="/page.js"></script>`)],
  ])
}

const vitePage = async (): Promise<BundledPage> => {
  const result = await vite({
    configFile: false,
    logLevel: 'error',
    root: pathTo('test/pages'),
    resolve: { alias },
    build: { write: false, rollupOptions: { input: entry } },
  })
  const [first] = [result].flat()
  if (!first || !('output' in first)) throw new Error('Vite built nothing.')
  const files = first.output.map((file): [string, string | Uint8Array] => [
    `/${file.fileName}`,
    file.type === 'chunk' ? file.code : file.source,
  ])
  return new Map([...files, ['/', moduleScript(`/${first.output[0].fileName}`)]])
}

/** @param asModules whether its chunks are ES modules, not scripts */
const webpackPage = async (asModules: boolean): Promise<BundledPage> => {
  const folder = await mkdtemp(join(tmpdir(), 'nanopeer-webpack-'))
  try {
    await new Promise<void>((resolve, reject) => {
      webpack(
        {
          mode: 'production',
          // Its minifier takes half the time, and changes nothing of what is tested.
          optimization: { minimize: false },
          entry,
          resolve: { alias },
          experiments: { outputModule: asModules },
          output: { path: folder, publicPath: '/', filename: 'page.js', module: asModules },
        },
        (error, stats) => {
          if (error || stats?.hasErrors()) reject(error ?? new Error(stats?.toString()))
          else resolve()
        },
      )
    })
    const document = asModules ? moduleScript('/page.js') : htmlOf('<script src="/page.js"></script>')
    return new Map<string, string | Uint8Array>([...(await filesIn(folder)), ['/', document]])
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** One file with everything in it. */
const rollupPage = async (): Promise<BundledPage> => {
  const core = { name: 'core', resolveId: (id: string) => (id === '@nanopeer/core' ? alias[id] : null) }
  const bundle = await rollup({ input: entry, plugins: [core, nodeResolve({ browser: true }), commonjs()] })
  const { output } = await bundle.generate({ format: 'iife', inlineDynamicImports: true })
  return new Map([
    ['/page.js', output[0].code],
    ['/', htmlOf(`${environment}<script src="/page.js"></script>`)],
  ])
}

/** One file, which in CommonJS needs somebody to give it a `module`. */
const esbuildPage = async (format: Format): Promise<BundledPage> => {
  const script =
    format === 'esm' ? '<script type="module" src="/page.js"></script>' : '<script src="/page.js"></script>'
  const surroundings = format === 'cjs' ? '<script>var module = { exports: {} }</script>' : ''
  return new Map([
    ['/page.js', await bundleWithEsbuild(entry, format)],
    ['/', htmlOf(surroundings + script)],
  ])
}

/** Those that load the engine and PeerJS late, as files of their own. */
export const inChunks: Readonly<Record<string, () => Promise<BundledPage>>> = {
  'no bundler': nativePage,
  Vite: vitePage,
  webpack: () => webpackPage(false),
  'webpack with ES modules': () => webpackPage(true),
}

/** Those that have all in one file. */
export const inOneFile: Readonly<Record<string, () => Promise<BundledPage>>> = {
  'a Rollup IIFE': rollupPage,
  'an ES module of esbuild': () => esbuildPage('esm'),
  'an IIFE of esbuild': () => esbuildPage('iife'),
  'CommonJS of esbuild': () => esbuildPage('cjs'),
}

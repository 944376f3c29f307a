/** The reference: what the packages export, by name, with its documentation, as pages of the site. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Application, Comment } from 'typedoc'

const repository = fileURLToPath(new URL('..', import.meta.url))
const out = join(repository, 'docs', 'reference')

/** The pages: the folder whose entry each is about, and what it says first. */
const pages = {
  core: {
    folder: 'packages/core/src',
    about: 'Peers, connections and requests as stores, for any framework.',
  },
  react: { folder: 'packages/react/src', about: 'The hooks for React 18 and later, and what they give.' },
  vue: { folder: 'packages/vue/src', about: 'The composables for Vue 3, and what they give.' },
  svelte: { folder: 'packages/svelte/src', about: 'The hooks for Svelte 5, and what they give.' },
  node: {
    folder: 'packages/node/src',
    about: 'A Node process as a device: all of core, with WebRTC for Node.',
  },
  testing: {
    folder: 'packages/core/testing',
    about: 'A network in memory, for tests: @nanopeer/core/testing.',
  },
  server: {
    folder: 'packages/server/src',
    about: 'A signalling server for any PeerJS client, as a program.',
  },
  devtools: {
    folder: 'packages/devtools/src',
    about: 'The developer tools, as an element of the page; importing them shows it.',
  },
}

/**
 * Writes the reference to `docs/reference`, a page for each entry: all in one go, so that they link to each other.
 *
 * @throws when the types cannot be read
 */
export async function writeReference() {
  rmSync(out, { recursive: true, force: true })
  const options = {
    name: 'Reference',
    entryPoints: Object.values(pages).map(({ folder }) => join(repository, folder, 'index.ts')),
    basePath: repository,
    tsconfig: join(repository, 'site', 'tsconfig.reference.json'),
    plugin: ['typedoc-plugin-markdown'],
    outputs: [{ name: 'markdown', path: out }],
    logLevel: 'Error',
    readme: 'none',
    // The compiler has checked all of this already, in the stage for types.
    skipErrorChecking: true,
    excludeInternal: true,
    excludeExternals: true,
    disableSources: true,
    sort: ['source-order'],
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    pageTitleTemplates: { index: 'Reference', module: '@nanopeer/{name}' },
    useCodeBlocks: true,
    expandParameters: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
    propertyMembersFormat: 'table',
    typeDeclarationFormat: 'table',
    sanitizeComments: true,
  }
  const app = await Application.bootstrapWithPlugins(
    /** @type {Partial<import('typedoc').TypeDocOptions>} */ (options),
  )
  const project = await app.convert()
  if (!project) throw new Error('The reference was not made; TypeDoc says why above.')
  for (const module of project.children ?? []) {
    const [name, { about }] = pageOf(module.name)
    module.name = name
    module.comment = new Comment([{ kind: 'text', text: about }])
  }
  await app.generateOutputs(project)
  writeFileSync(join(out, 'index.md'), describePages())
}

/** The page that leads to the others, in their order. */
function describePages() {
  const rows = Object.entries(pages).map(([name, { about }]) => `| [${name}](${name}.md) | ${about} |`)
  return [
    '# Reference',
    '',
    'Everything that the packages export, by name, made from the types and what is written above them.',
    '',
    '| | |',
    '| --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

/** The page of a module, which TypeDoc calls by its folder. @param {string} folder */
function pageOf(folder) {
  const page = Object.entries(pages).find(([, page]) => page.folder === folder)
  if (!page) throw new Error(`TypeDoc found a module ${folder} that nobody asked for.`)
  return page
}

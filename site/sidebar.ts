import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DefaultTheme } from 'vitepress'
import { docs } from './routes.ts'

type Item = DefaultTheme.SidebarItem

/** A page under its own title. @param path in `docs`, without `.md` */
function page(path: string, text = titleOf(path)): Item {
  return { text, link: `/${path.replace(/README$/, '')}` }
}

function titleOf(path: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(join(docs, `${path}.md`), 'utf8')) ?? []
  if (!title) throw new Error(`docs/${path}.md has no title.`)
  return title.replaceAll('`', '')
}

const pagesIn = (folder: string): string[] =>
  readdirSync(join(docs, folder))
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => `${folder}/${name.slice(0, -'.md'.length)}`)

const recipes = (names: string[]): Item[] => names.map((name) => page(`recipes/${name}`))

/** From what everything else needs to what is needed last. */
const hooks = [
  'use-peer',
  'use-connection',
  'use-connections',
  'use-stats',
  'use-request',
  'use-action',
  'use-subscription',
  'use-requests',
  'use-media',
  'use-messages',
  'use-remote-store',
  'use-pairing',
  'use-share',
  'use-handler',
  'use-store',
]

export const nav: DefaultTheme.NavItem[] = [
  { text: 'Tutorial', link: '/tutorials/nas-in-a-page', activeMatch: '^/tutorials/' },
  { text: 'Hooks', link: '/hooks/', activeMatch: '^/hooks/' },
  { text: 'Guides', link: '/recipes/request', activeMatch: '^/recipes/' },
  {
    text: 'Explanation',
    link: '/lifetime',
    activeMatch: '^/(lifetime|states|security|handshake|nat|performance|scale|testing|environments)',
  },
]

const forReaders: Item[] = [
  {
    text: 'Tutorials',
    items: ['nas-in-a-page', 'pair-a-phone', 'chat', 'sensors', 'from-raw-peerjs'].map((name) =>
      page(`tutorials/${name}`),
    ),
  },
  {
    text: 'Ask a device',
    items: [
      page('which'),
      ...recipes(['request', 'download', 'upload', 'live-log', 'camera', 'after-a-change']),
    ],
  },
  {
    text: 'Share state',
    items: recipes(['remote-store', 'chat', 'many-devices', 'share-a-peer', 'status-badge']),
  },
  {
    text: 'Run it',
    items: [
      ...recipes(['self-hosted', 'firewall', 'pair-a-phone', 'keys', 'change-a-secret', 'logging']),
      page('devtools'),
      page('testing'),
      page('environments'),
    ],
  },
  {
    text: 'Hooks',
    link: '/hooks/',
    items: hooks.map((name) => page(`hooks/${name}`)),
  },
  {
    text: 'Move to it',
    items: recipes(['plain-peerjs', 'from-article-wrapper']),
  },
  {
    text: 'Explanation',
    items: ['lifetime', 'states', 'security', 'handshake', 'nat', 'performance', 'scale'].map((name) =>
      page(name),
    ),
  },
  {
    text: 'Reference',
    collapsed: true,
    items: ['core', 'react', 'vue', 'svelte', 'node', 'testing', 'server', 'devtools'].map((name) =>
      page(`reference/${name}`),
    ),
  },
  {
    text: 'For contributors',
    collapsed: true,
    items: [
      page('architecture'),
      { text: 'Decisions', link: '/decisions/' },
      { text: 'Exports, as text', link: '/api/' },
    ],
  },
]

const folder = (name: string, text: string): Item[] => [
  { text, link: `/${name}/`, items: pagesIn(name).map((path) => page(path)) },
  { text: 'All documents', link: '/documents' },
]

export const sidebar: DefaultTheme.SidebarMulti = {
  '/': forReaders,
  // Whoever reads these reads many of them; nobody else has them before his eyes.
  '/decisions/': folder('decisions', 'Decisions'),
  '/api/': folder('api', 'Exports, as text'),
}

import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { describePage } from '../markdown/description.ts'
import { drawDiagrams } from '../markdown/diagrams.ts'
import { showFileNames } from '../markdown/file-names.ts'
import { makeFrameworkTabs } from '../markdown/framework-tabs.ts'
import { leadLinks } from '../markdown/links.ts'
import { runExamples } from '../markdown/live.ts'
import { linkNames } from '../markdown/names.ts'
import { writePlainPages } from '../plain-pages.ts'
import { rewrites } from '../routes.ts'
import { nav, sidebar } from '../sidebar.ts'

const pathTo = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  title: 'nanopeer',
  description: 'A remote device, as local state: WebRTC behind small stores, for React, Vue and Svelte.',
  lang: 'en',
  srcDir: '../docs',
  outDir: './dist',
  cacheDir: '../.cache/vitepress',
  rewrites,
  base: process.env.SITE_BASE ?? '/',
  head: [
    ['link', { rel: 'icon', href: `${process.env.SITE_BASE ?? '/'}logo.svg`, type: 'image/svg+xml' }],
    ['meta', { name: 'theme-color', content: '#3f6fb5' }],
  ],
  vite: {
    publicDir: pathTo('../public'),
    build: { chunkSizeWarningLimit: 1500, reportCompressedSize: false },
    server: { fs: { allow: [pathTo('../..')] } },
  },
  markdown: {
    theme: { light: 'github-light', dark: 'github-dark-dimmed' },
    config(md) {
      drawDiagrams(md)
      showFileNames(md)
      runExamples(md)
      makeFrameworkTabs(md)
      leadLinks(md)
      linkNames(md)
    },
  },
  transformPageData: (page) => describePage(page),
  buildEnd: ({ outDir, pages }) => writePlainPages(outDir, pages),
  themeConfig: {
    logo: '/logo.svg',
    nav,
    sidebar,
    outline: { level: [2, 3] },
    search: { provider: 'local', options: { detailedView: true } },
    docFooter: { prev: 'Before this', next: 'After this' },
  },
})

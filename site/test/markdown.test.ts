import { createMarkdownRenderer } from 'vitepress'
import { expect, describe as group, test } from 'vitest'
import { readDirective } from '../live/directive'
import { describe } from '../markdown/description'
import { showFileNames } from '../markdown/file-names'
import { makeFrameworkTabs } from '../markdown/framework-tabs'
import { docs, resolveLink } from '../routes'

group('tabs', async () => {
  const md = await createMarkdownRenderer(docs, {
    config(md) {
      showFileNames(md)
      makeFrameworkTabs(md)
    },
  })
  const render = (...lines: string[]) => md.render(lines.join('\n'))

  test('bold names above code in a row are tabs, and what comes behind the code is not', () => {
    const html = render(
      '**React**',
      '',
      '```ts',
      'one',
      '```',
      '',
      '**Vue**',
      '',
      '```ts',
      'two',
      '```',
      '',
      'After.',
    )
    expect(html.match(/<template #(\w+)>/g)).toEqual(['<template #React>', '<template #Vue>'])
    expect(html.indexOf('After.')).toBeGreaterThan(html.indexOf('</FrameworkTabs>'))
  })

  test('headings in a row are tabs, up to the next heading', () => {
    const html = render('## React', '', 'One.', '', '## Svelte', '', 'Two.', '', '## More', '', 'Three.')
    expect(html).toContain('<template #Svelte>')
    expect(html).not.toMatch(/<h2[^>]*>React/)
    expect(html.indexOf('More')).toBeGreaterThan(html.indexOf('</FrameworkTabs>'))
  })

  test('a name alone is a heading like any other, and a sentence about React is text', () => {
    expect(render('## React', '', 'One.', '', '## Other')).not.toContain('FrameworkTabs')
    expect(render('React renders twice.', '', 'Vue does not.')).not.toContain('FrameworkTabs')
  })

  test('a file name stands above its code instead of in it', () => {
    const html = render('```ts', '// device.ts', 'one', '```')
    expect(html).toContain('<p class="file-name">device.ts</p>')
    expect(html).not.toContain('// device.ts')
  })
})

test('a live example says who shows it, and how slow the network is', () => {
  expect(readDirective('<!-- live: Download on laptop, phone; 300 kB/s; 40 ms -->')).toEqual({
    name: 'Download',
    ids: ['laptop', 'phone'],
    rate: 300_000,
    delay: 40,
  })
  expect(readDirective('<!-- check: prelude core -->')).toBeNull()
  expect(() => readDirective('<!-- live: Download at night -->')).toThrow('at night')
})

test('a description is the first paragraph as plain text, and whole sentences where it is long', () => {
  const first = 'A `device` that [answers](x.md), and says so in a sentence of its own.'
  expect(describe('x', `# X\n\n| a | b |\n\n${first} ${'More. '.repeat(60)}`)).toMatch(
    /^A device that answers, and says so/,
  )
  expect(() => describe('x', '# X\n\n| a | b |')).toThrow('no paragraph')
})

test('links lead where a code host leads them', () => {
  expect(resolveLink('recipes/download.md', '../security.md')).toBe('security.md')
  expect(resolveLink('architecture.md', 'decisions/')).toBe('decisions/index.md')
  expect(resolveLink('README.md', '../README.md')).toBe('index.md')
  expect(resolveLink('README.md', '../CONTRIBUTING.md')).toBeNull()
  expect(() => resolveLink('README.md', 'nowhere.md')).toThrow('nowhere.md')
})

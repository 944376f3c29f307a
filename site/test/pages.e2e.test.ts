import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { findExamples } from '../live/directive'
import { eventually, open, startReading } from './reader'

startReading(fileURLToPath(new URL('..', import.meta.url)))

test('a framework that is chosen on one page is chosen on the next, and by the arrow keys too', async () => {
  const page = await open('recipes/download.html', 'React')
  const tab = (name: string) => page.getByRole('tab', { name })
  await eventually(() => tab('React').getAttribute('aria-selected')).toBe('true')
  await tab('React').press('ArrowRight')
  await eventually(() => tab('Vue').getAttribute('aria-selected')).toBe('true')
  expect(await page.getByRole('tabpanel').getByText('defineProps').count()).toBe(1)
  await page.getByRole('link', { name: 'A request with its loading state' }).first().click()
  await page.waitForURL('**/recipes/request.html')
  await eventually(() => tab('Vue').first().getAttribute('aria-selected')).toBe('true')
})

test('a search finds a page without asking a server', async () => {
  const page = await open('index.html', 'Vue')
  await page.getByRole('button', { name: 'Search' }).first().click()
  await page.getByRole('searchbox').fill('coturn')
  await page.locator('.results a').first().click()
  await page.waitForURL('**/recipes/self-hosted.html**')
})

test('programs find every page as Markdown through llms.txt', async () => {
  const page = await open('index.html', 'React')
  const get = (path: string) => page.evaluate(async (url) => (await fetch(url)).text(), `/${path}`)
  const list = await get('llms.txt')
  const paths = [...list.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => path)
  expect(paths.length).toBeGreaterThan(40)
  for (const path of paths) expect(await get(path)).toMatch(/^# /m)
  // What is a running example for a reader is code for a program.
  expect(findExamples(await get('index.md'))).toHaveLength(1)
})

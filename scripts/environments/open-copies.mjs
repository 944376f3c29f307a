/**
 * `node open-copies.mjs <folder>`: a page that gives a peer of one copy of core to another must say so where its developer looks,
 * in React and in Vue, and say who has an id that both name; over the network, peers of the two are as any others.
 */
import assert from 'node:assert/strict'
import { visitPage } from './page.mjs'

const [folder = ''] = process.argv.slice(2)
const advice = 'is of another copy of @nanopeer/core. `npm ls @nanopeer/core` shows both: install one.'

await visitPage(folder, async (page, open) => {
  /** @type {string[]} */
  const thrown = []
  /** @type {string[]} */
  const logged = []
  page.on('pageerror', ({ message }) => thrown.push(message))
  page.on('console', (message) => message.type() === 'error' && logged.push(message.text()))
  await open()
  for (const text of ['Hello, Ada', `ID_TAKEN: This program's own "nas" ${advice}`])
    await page.getByText(text, { exact: true }).waitFor({ timeout: 30_000 })
  // React throws what nobody has caught to the window, Vue logs it.
  assert.deepEqual(thrown, [`This peer ${advice}`])
  assert.equal(logged.filter((text) => text.startsWith(`NanopeerError: This peer ${advice}`)).length, 1)
  assert.equal(await page.locator('i').count(), 0)
  console.log(`The page in ${folder} says that it has two copies of core.`)
})

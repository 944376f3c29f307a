/** `node open-page.mjs <folder>`: the peer of the page that a bundler has built must register with a signalling server. */
import { visitPage } from './page.mjs'

const [folder = ''] = process.argv.slice(2)
await visitPage(folder, async (page, open) => {
  page.on('pageerror', (error) => console.error(error))
  await open()
  await page.getByText('open', { exact: true }).waitFor({ timeout: 30_000 })
  console.log(`The page in ${folder} has opened its peer.`)
})

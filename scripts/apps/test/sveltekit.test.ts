import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type VisitedPage, visit } from '../../../examples/files/test/browser'
import { folder, type RunningApp, startApp } from './app'

declare global {
  interface Window {
    said: string[]
  }
}

describe.runIf(folder)('a page of SvelteKit that goes from device to device', () => {
  let app: RunningApp
  let visited: VisitedPage

  beforeAll(async () => {
    app = await startApp('sveltekit')
    app.startDevice()
    visited = await visit(`${app.origin}/device/nas#secret=${app.secret}`)
  })

  afterAll(async () => {
    await visited?.page.close()
    await app?.stop()
  })

  const shows = (text: string) => visited.page.getByRole('status').getByText(text, { exact: true }).waitFor()

  test('shows the one that its address names, there and back', async () => {
    const { page } = visited
    await shows('nas open, files')
    await page.evaluate(() => {
      const status = document.querySelector('[role=status]') as HTMLElement
      window.said = []
      const write = () => window.said.push(status.textContent ?? '')
      new MutationObserver(write).observe(status, { subtree: true, characterData: true, childList: true })
    })
    await page.getByText('away', { exact: true }).click()
    await shows('away connecting, none')
    await page.goBack()
    await shows('nas open, files')
    await page.goForward()
    await shows('away connecting, none')
    await page.getByText('nas', { exact: true }).click()
    await shows('nas open, files')
  })

  test('never says of one what is so of another', async () => {
    const said = await visited.page.evaluate(() => window.said)
    // It is closed once the server has said that nobody came.
    const ofAway = said.filter((text) => text.startsWith('away'))
    expect(ofAway.filter((text) => !/^away (connecting|closed), none$/.test(text))).toEqual([])
    expect(said.filter((text) => text.startsWith('nas idle'))).toEqual([])
  })

  test('opened one peer for all of them', async () => {
    const tab = await visited.page.evaluate(() => sessionStorage.getItem('nanopeer:tab-id'))
    expect(app.signallingServer.registrations.toSorted()).toEqual([tab, 'nas'].toSorted())
  })

  test('neither complains in the console nor asks anybody else', () => {
    expect(visited.complaints).toEqual([])
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type VisitedPage, visit } from '../../../examples/files/test/browser'
import { eventually, folder, type RunningApp, startApp } from './app'

const frameworks = ['React', 'Vue', 'Svelte']

describe.runIf(folder)('the astro start', () => {
  let app: RunningApp
  let visited: VisitedPage

  const island = (name: string) => {
    const section = visited.page.getByRole('region', { name })
    return { section, slider: section.getByRole('slider'), alert: section.getByRole('alert') }
  }
  const allShow = (target: number) =>
    eventually(async () => {
      const labels = frameworks.map((name) => island(name).section.getByText(`${name}, ${target} °C`).count())
      expect(await Promise.all(labels)).toEqual([1, 1, 1])
    })

  beforeAll(async () => {
    app = await startApp('astro')
  })

  afterAll(async () => {
    await visited?.page.close()
    await app?.stop()
  })

  test('is rendered on the server as connecting and loading in each island, never as idle', async () => {
    // React parts two texts by a comment; so does Svelte.
    const html = (await (await fetch(app.origin)).text()).replace(/<!--.*?-->/g, '')
    expect(html.match(/network connecting, nas connecting/g)).toHaveLength(3)
    expect(html.match(/Loading …/g)).toHaveLength(3)
    expect(html).not.toContain('idle')
    expect(html).not.toContain(app.secret)
  })

  test('opens one peer for its three islands, which are loading while the device is away', async () => {
    visited = await visit(`${app.origin}/#secret=${app.secret}`)
    const open = visited.page.getByRole('status').getByText('network open')
    await eventually(async () => expect(await open.count()).toBe(3))
    expect(await visited.page.getByText('Loading …').count()).toBe(3)
    expect(app.signallingServer.registrations).toHaveLength(1)
  })

  test('shows the one store of its device in all of them, and each sets it for all', async () => {
    app.startDevice()
    await allShow(21)
    for (const [index, name] of frameworks.entries()) {
      await island(name).slider.fill(String(22 + index))
      await allShow(22 + index)
    }
  })

  test('takes back what the device refuses, and says why', async () => {
    await island('Vue').slider.fill('30')
    await island('Vue').alert.getByText('Between 15 and 25 °C.').waitFor()
    await allShow(24)
  })

  test('shows what was last while the device is away, and what is so when it is back', async () => {
    await app.stopDevice()
    await visited.page.getByText('as it was last').first().waitFor()
    await allShow(24)
    app.startDevice()
    await allShow(21)
    await eventually(async () => expect(await visited.page.getByText('as it was last').count()).toBe(0))
  })

  test('opened nothing on the server, and neither complains in the console nor asks anybody else', async () => {
    const tab = await visited.page.evaluate(() => sessionStorage.getItem('nanopeer:tab-id'))
    expect(new Set(app.signallingServer.registrations)).toEqual(new Set([tab, 'nas']))
    expect(visited.complaints).toEqual([])
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startIceServers } from '../../../packages/core/test/engine/diagnose/ice-servers.mjs'
import { start } from '../stack/start.mjs'
import { diagnosisOf, partsOf, type VisitedPage, visit } from './browser'

let folder: string
let demo: Awaited<ReturnType<typeof start>>
let stun: Awaited<ReturnType<typeof startIceServers>>
let turn: Awaited<ReturnType<typeof startIceServers>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nanopeer-diagnose-'))
  stun = await startIceServers('cone', 2)
  turn = await startIceServers('unauthorized', 1)
  demo = await start({ folder, pagesPort: 0, signallingPort: 0 })
})

afterAll(async () => {
  await demo?.stop()
  stun?.stop()
  turn?.stop()
  await rm(folder, { recursive: true, force: true })
})

describe.each(['react', 'vue', 'svelte'])('the diagnosis of the %s page', (framework) => {
  let visited: VisitedPage

  beforeAll(async () => {
    visited = await visit(await demo.invite(`${framework}/`))
    await partsOf(visited.page).device.getByText('open').waitFor()
    await diagnosisOf(visited.page).summary.click()
  })

  afterAll(() => visited?.page.close())

  test('asks nobody as long as no server is named', async () => {
    const { button, verdict, found } = diagnosisOf(visited.page)
    await button.click()
    await verdict.getByText('NAT: not known').waitFor()
    expect(await found('Host').textContent()).toContain('first after')
    expect(await found('Relay').textContent()).toContain('none')
  })

  test('says what kind of NAT there is, and how each server did', async () => {
    const { servers, button, verdict, found } = diagnosisOf(visited.page)
    const urls = stun.addresses.map((address) => `stun:${address}`)
    const refusing = `turn:${turn.addresses[0]}`
    await servers.fill([...urls, '', `${refusing} user password`].join('\n'))
    await button.click()
    await verdict.getByText('NAT: cone').waitFor()
    expect(await verdict.textContent()).toContain('No TURN server works')
    for (const url of urls) expect(await found(url).textContent()).toMatch(/works · \d+ ms/)
    expect(await found(refusing).textContent()).toMatch(/error 401.*refused the user name or credential/)
    expect(await found('Server-reflexive').textContent()).toContain('198.51.100.7')
  })

  test('says so when it cannot be made, and forgets the one before', async () => {
    const { button, verdict } = diagnosisOf(visited.page)
    await visited.page.evaluate(() => Reflect.deleteProperty(window, 'RTCPeerConnection'))
    await button.click()
    await partsOf(visited.page).alert.getByText('There is no WebRTC here').waitFor()
    expect(await verdict.textContent()).toBe('')
  })

  test('asked no web server for anything and logged no error', () => {
    expect(visited.complaints).toEqual([])
  })
})

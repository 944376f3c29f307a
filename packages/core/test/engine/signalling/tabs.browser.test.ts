import { describe, expect, inject, onTestFinished, test } from 'vitest'
import { serverAddress, serverName } from '../../../src/engine/signalling/server-address'
import { tokenFor, tokenOf } from '../../../src/engine/signalling/token'
import { realTransport } from '../../support/real-transport'
import { openFrame, openPeerFrame } from './frames'

const server = () => ({ ...inject('signallingServer'), secure: false })

let count = 0
const freshId = (name: string) => `${name}-${Date.now()}-${++count}`

const join = (id: string) => {
  const signalling = realTransport.join(
    id,
    { server: server(), iceServers: [] },
    { connecting() {}, open() {}, disconnected() {}, link() {}, plain() {} },
  )
  onTestFinished(() => signalling.leave())
  return signalling
}

describe('a page that is reloaded', () => {
  test('has its id back each of twenty times, and never sees it taken', { timeout: 60_000 }, async () => {
    const id = freshId('page')
    for (let round = 0; round < 20; round++) {
      const page = openPeerFrame(id, server())
      await expect.poll(() => page.reports, { timeout: 10_000 }).toEqual(['connecting', 'open'])
      page.close()
    }
  })

  test('has its id back although the server still holds the socket of the page before', async () => {
    const id = freshId('page')
    const { host, port } = server()
    const token = tokenFor(tokenOf(id), serverName(serverAddress(server())))
    const ghost = new WebSocket(`ws://${host}:${port}/peerjs?key=peerjs&id=${id}&token=${token}`)
    onTestFinished(() => ghost.close())
    await new Promise((resolve) => {
      ghost.onmessage = resolve
    })
    const page = openPeerFrame(id, server())
    await expect.poll(() => page.reports, { timeout: 10_000 }).toEqual(['connecting', 'open'])
  })
})

describe('a tab that is duplicated', () => {
  test('leaves the id to the original, and has it when that one closes', { timeout: 60_000 }, async () => {
    const id = freshId('page')
    const original = openPeerFrame(id, server())
    await expect.poll(() => original.reports, { timeout: 10_000 }).toEqual(['connecting', 'open'])
    // As patient as the machine may be slow: it asks the original, which is busy at times.
    const copy = openPeerFrame(id, server(), 20)
    // Several attempts of the copy, none of which disturbs the original.
    await expect
      .poll(() => copy.reports.filter((report) => report === 'ID_TAKEN').length, { timeout: 20_000 })
      .toBeGreaterThan(2)
    expect(copy.reports).not.toContain('open')
    expect(original.reports).toEqual(['connecting', 'open'])
    const asker = join(freshId('asker'))
    await asker.dial(id, { signal: AbortSignal.timeout(10_000) })
    await expect.poll(() => original.reports.length).toBe(3)
    original.close()
    await expect.poll(() => copy.reports.at(-1), { timeout: 20_000 }).toBe('open')
  })
})

describe('the id of a tab', () => {
  const openIdFrame = () =>
    openFrame(
      (from) => `
        const { tabId } = await import(${JSON.stringify(`${from}/peer/tab-id.ts`)})
        report(tabId() === tabId() ? tabId() : 'two different ones')`,
    )
  const idOf = async ({ reports }: ReturnType<typeof openFrame>) => {
    await expect.poll(() => reports.length, { timeout: 10_000 }).toBe(1)
    return reports[0] as string
  }

  test('is kept through reloads, and another one in a duplicated tab', async () => {
    const original = openIdFrame()
    const id = await idOf(original)
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    const copy = openIdFrame()
    expect(await idOf(copy)).not.toBe(id)
    copy.close()
    original.close()
    sessionStorage.setItem('nanopeer:tab-id', id)
    expect(await idOf(openIdFrame())).toBe(id)
  })
})

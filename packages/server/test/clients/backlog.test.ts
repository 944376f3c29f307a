import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { Backlog } from '../../src/clients/backlog'
import type { Client } from '../../src/clients/client'
import { createMessage, type Message } from '../../src/protocol/messages'

/** A client as far as a backlog knows it, of whom the test says what it reads. */
const createReader = () => {
  const sent: { readonly text: string; readonly gone: (() => void) | undefined }[] = []
  const client = {
    isClosed: false,
    get waitingBytes() {
      return sent.reduce((sum, { text }) => sum + text.length, 0)
    },
    send: (text: string, gone?: () => void) => void sent.push({ text, gone }),
  }
  const read = (messages: number) => {
    for (const { gone } of sent.splice(0, messages)) gone?.()
  }
  return { client: client as unknown as Client, sent, read }
}

const createBacklog = () => {
  const dropped: Message[] = []
  const stuck: Client[] = []
  const backlog = new Backlog({
    dropped: (message) => dropped.push(message),
    stuck: (client) => stuck.push(client),
  })
  return { backlog, dropped, stuck }
}

const message = (src: string, bytes: number) => createMessage('OFFER', src, 'nas', 'x'.repeat(bytes))

const mebibyte = 1024 * 1024

describe('what waits for a client', () => {
  it('has room for a dial of a friend, while a hundred others send what they can', () => {
    for (const sources of [1, 4, 100]) {
      const { backlog, dropped } = createBacklog()
      const { client, sent } = createReader()
      for (let index = 0; index < 5_000; index += 1)
        backlog.send(client, message(`m${index % sources}`, 4_000))
      expect(dropped.length).toBeGreaterThan(0)
      expect(client.waitingBytes).toBeLessThan(mebibyte)
      const offer = message('friend', 2_000)
      backlog.send(client, offer)
      expect(sent.at(-1)?.text).toBe(offer.text)
    }
  })

  it('has room for what a client says to itself, while a thousand others send what they can', () => {
    const { backlog, dropped } = createBacklog()
    const { client, sent } = createReader()
    for (let index = 0; index < 5_000; index += 1) backlog.send(client, message(`m${index % 1_000}`, 1))
    expect(dropped.length).toBeGreaterThan(0)
    const id = 'x'.repeat(256)
    const echo = createMessage('LEAVE', id, id, { nonce: crypto.randomUUID() })
    backlog.send(client, echo)
    expect(sent.at(-1)?.text).toBe(echo.text)
  })

  it('is 1 MiB at most, and small messages weigh more than their text', () => {
    const { backlog } = createBacklog()
    const { client, sent } = createReader()
    for (let index = 0; index < 30_000; index += 1) backlog.send(client, message(`m${index}`, 1))
    expect(client.waitingBytes).toBeLessThan(mebibyte)
    expect(sent.length).toBeLessThan(4_000)
  })

  it('is the share of its source no more once it is read', () => {
    const { backlog, dropped } = createBacklog()
    const { client, read } = createReader()
    for (let index = 0; index < 10; index += 1) backlog.send(client, message('busy', 100_000))
    expect(dropped.length).toBeGreaterThan(0)
    read(Number.MAX_SAFE_INTEGER)
    // So that it is behind again.
    backlog.send(client, message('other', 70_000))
    dropped.length = 0
    backlog.send(client, message('busy', 100_000))
    expect(dropped).toEqual([])
  })

  it('counts for its source where another node has sent it on as text', () => {
    const { backlog, dropped } = createBacklog()
    const { client } = createReader()
    const { text } = message('mallory', 100_000)
    for (let index = 0; index < 10; index += 1) backlog.send(client, { dst: 'nas', text })
    expect(dropped.length).toBeGreaterThan(0)
    expect(dropped[0]).toMatchObject({ type: 'OFFER', src: 'mallory', dst: 'nas' })
  })

  it('is little for the 257th client that is behind, and nobody is closed for it', () => {
    const { backlog, dropped, stuck } = createBacklog()
    const readers = Array.from({ length: 256 }, createReader)
    for (const { client } of readers) backlog.send(client, message('alice', 70_000))
    const { client, sent } = createReader()
    for (let index = 0; index < 10; index += 1) backlog.send(client, message('alice', 40_000))
    expect(sent).toHaveLength(2)
    expect(dropped).toHaveLength(8)
    expect(stuck).toEqual([])
    readers[0]?.read(1)
    backlog.send(client, message('alice', 40_000))
    expect(sent).toHaveLength(3)
  })
})

describe('a client that is behind', () => {
  it('is given up once it has read nothing for so long, and no sooner', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { backlog, stuck } = createBacklog()
    const { client, read } = createReader()
    for (let index = 0; index < 3; index += 1) backlog.send(client, message('alice', 70_000))
    vi.setSystemTime(Date.now() + 999)
    read(1)
    vi.setSystemTime(Date.now() + 999)
    backlog.sweep(1_000)
    expect(stuck).toEqual([])
    vi.setSystemTime(Date.now() + 1)
    backlog.sweep(1_000)
    expect(stuck).toEqual([client])
    backlog.sweep(1_000)
    expect(stuck).toHaveLength(1)
  })

  it('is forgotten when it has caught up or is gone', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const { backlog, stuck } = createBacklog()
    const [quick, gone] = [createReader(), createReader()]
    for (const { client } of [quick, gone]) backlog.send(client, message('alice', 70_000))
    quick.read(1)
    Object.assign(gone.client, { isClosed: true })
    vi.setSystemTime(Date.now() + 5_000)
    backlog.sweep(1_000)
    expect(stuck).toEqual([])
  })
})

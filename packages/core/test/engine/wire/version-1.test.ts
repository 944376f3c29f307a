import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../src/base/clock'
import { decodeValue } from '../../../src/codec/read'
import { decodeFrames, encodeFrames, type Frame, FrameType, isCounted } from '../../../src/engine/wire/frame'
import { decodeHello } from '../../../src/engine/wire/hello'
import { ActionError, action, createPeer, type Peer } from '../../../src/index'
import { createTestNetwork } from '../../../testing'
import { frame, hello, Mallory, type MalloryLink, ready } from '../../hostile/mallory'
import { conversation, type RecordedMessage, refusalOfVersion1 } from './recorded-version-1'

const peers: Peer[] = []
afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.destroy()))
})

const until = (condition: () => boolean, what: string) =>
  expect.poll(condition, { message: what, timeout: 10_000, interval: 1 }).toBe(true)

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'))
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const framesIn = ([, hex]: RecordedMessage): Frame[] => [...decodeFrames(bytesOf(hex))]

/** What one side sent of its session, without what was sent again over the second link: each frame once, in order. */
const sessionOf = (by: RecordedMessage[0]): Frame[] => {
  const [first = [], second = []] = conversation.map((messages) =>
    messages.filter(([sender]) => sender === by).flatMap((message) => framesIn(message).filter(isSessions)),
  )
  return by === 'dialler' ? first : [...first, ...second]
}
const isSessions = ({ type }: Frame) => isCounted(type) && type !== FrameType.Credit

const shown = (frames: readonly Frame[], stream: number) =>
  frames.filter((it) => it.stream === stream && isSessions(it)).map((it) => [it.type, hexOf(it.payload)])

/** The streams of the conversation, in the order in which they were opened; 0 is the message. */
const streams = [2, 4, 6, 8, 10, 0, 12]

const join = async (id: string, transport: ReturnType<typeof createTestNetwork>['transport']) => {
  const peer = createPeer(id, { transport, accept: 'anyone', onError: () => {} })
  peers.push(peer)
  await peer.open()
  return peer
}

const serve = (device: Peer) => {
  device.handle('echo', (input) => input)
  device.handle('read', () => new Uint8Array(200).map((_, index) => index % 251))
  device.handle(action.events<{ to: number }, number>('count'), async function* ({ to }) {
    for (let number = 1; number <= to; number++) yield number
  })
  device.handle('size', async (_input, { body }) => (await new Response(body).arrayBuffer()).byteLength)
  device.handle('fail', () => {
    throw new ActionError(418, 'I am a teapot', { short: true })
  })
}

const input = { text: 'hällo', when: new Date(7), big: 7n, list: [1, null, true, 1.5] }

describe('messages of version 0.1', () => {
  test('are read as frames, and written as the same bytes', () => {
    for (const message of conversation.flat())
      expect(hexOf(encodeFrames(...framesIn(message)))).toBe(message[1])
  })

  test('are answered by a device of today as one of 0.1 did, byte for byte, in a session of today', async () => {
    const { transport } = createTestNetwork()
    const device = await join('device', transport)
    serve(device)
    const told: unknown[] = []
    const asker = await Mallory.join(transport, 'mallory', systemClock, until)
    const link = await asker.enter('device')
    device.$connections.get()[0]?.onMessage((message) => told.push(message))
    const answers = sessionOf('accepter')
    for (const stream of streams) {
      link.send(...sessionOf('dialler').filter((it) => it.stream === stream))
      const wanted = shown(answers, stream)
      await until(() => shown(link.frames, stream).length >= wanted.length, `the answer on stream ${stream}`)
      expect(shown(link.frames, stream)).toEqual(wanted)
    }
    await until(() => told.length > 0, 'the message')
    expect(told).toEqual([{ plain: 'message' }])
    link.send(frame(FrameType.Bye))
    await link.closed()
    await asker.leave()
  })

  test("are asked for by today's dialler, byte for byte, and understood as answers, in a session of today", async () => {
    const { transport } = createTestNetwork()
    const device = await Mallory.join(transport, 'device', systemClock, until)
    const connection = (await join('mallory', transport)).connect('device')
    await until(() => device.inbound.length === 1, 'a link')
    const link = device.inbound[0] as MalloryLink
    const { from } = decodeHello((await link.next(FrameType.Hello)).payload)
    link.send(hello({ to: from }), ready())
    const questions = sessionOf('dialler')
    /** Sends what the device of 0.1 answered, once it has been asked what that one was asked. */
    const answer = async (stream: number) => {
      const wanted = shown(questions, stream)
      await until(() => shown(link.frames, stream).length >= wanted.length, `a question on stream ${stream}`)
      expect(shown(link.frames, stream)).toEqual(wanted)
      link.send(...sessionOf('accepter').filter((it) => it.stream === stream))
    }
    const ask = async <Value>(stream: number, asking: Promise<Value>): Promise<Value> => {
      asking.catch(() => {}) // It is awaited behind the answer.
      await answer(stream)
      return asking
    }
    expect(await ask(2, connection.request('echo', input))).toEqual(input)
    const bytes = await ask(4, connection.request(action.bytes<null>('read'), null))
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(new Uint8Array(200).map((_, index) => index))
    const numbers: number[] = []
    const count = action.events<{ to: number }, number>('count')
    for await (const number of await ask(6, connection.request(count, { to: 3 }))) numbers.push(number)
    expect(numbers).toEqual([1, 2, 3])
    expect(await ask(8, connection.request('size', null, { body: new Uint8Array(300) }))).toBe(300)
    await expect(ask(10, connection.request('fail', null))).rejects.toMatchObject({
      name: 'ActionError',
      code: 418,
      message: 'I am a teapot',
      data: { short: true },
    })
    await connection.send({ plain: 'message' })
    await answer(0)
    expect(await ask(12, connection.request('echo', 'after the cut'))).toBe('after the cut')
    await device.leave()
  })
})

describe('a device of version 0.1', () => {
  const firstMessage = conversation[0]?.[0] as RecordedMessage

  test('that dials is told that it is the one to update, in words that it shows', async () => {
    const { transport } = createTestNetwork()
    await join('device', transport)
    const old = await Mallory.join(transport, 'mallory', systemClock, until)
    const link = await old.dial('device')
    link.raw(bytesOf(firstMessage[1]))
    const [code, message] = decodeValue((await link.next(FrameType.Bye)).payload) as [string, string]
    expect(code).toBe('PROTOCOL')
    expect(message).toContain('version 1 (nanopeer 0.1)')
    expect(message).toContain('to 0.2 or later')
    await link.closed()
    expect(link.frames.filter((it) => isSessions(it))).toEqual([])
    await old.leave()
  })

  test('that is dialled ends the connection for good, and its words with both versions are shown', async () => {
    const { transport } = createTestNetwork()
    const old = await Mallory.join(transport, 'device', systemClock, until)
    const connection = (await join('mallory', transport)).connect('device')
    const answer = expect(connection.request('echo', input)).rejects.toMatchObject({ code: 'PROTOCOL' })
    await until(() => old.inbound.length === 1, 'a link')
    const link = old.inbound[0] as MalloryLink
    await link.next(FrameType.Hello)
    link.raw(bytesOf(refusalOfVersion1))
    await answer
    expect(connection.$status.get()).toMatchObject({
      state: 'closed',
      retryAt: null,
      error: { code: 'PROTOCOL', message: expect.stringMatching(/version 2.*1/) },
    })
    await old.leave()
  })
})

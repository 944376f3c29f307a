import { expect, test } from 'vitest'
import type { Connection } from '../../src/base/types'
import { pack } from '../../src/codec/binarypack'
import { encodeValue } from '../../src/codec/write'
import { FrameType } from '../../src/engine/wire/frame'
import { createTestNetwork } from '../../testing'
import { encodeRequest } from '../support/encode-request'
import { resourceUsage } from '../support/resource-usage'
import { join, joinPlain, open, openWithFriend, until } from './cast'
import { byeCode, frame, type MalloryLink } from './mallory'

const partSize = 60_000

/** As many fields as one value may have, each with a name of its own: the most work for its bytes. */
const fields = Object.fromEntries(Array.from({ length: 199_999 }, (_, n) => [n.toString(36), 1]))
const table = encodeValue(fields, 'INVALID_INPUT')

/** Sends all of a value but its last part, which it gives. */
const allButTheLast = async (link: MalloryLink, type: FrameType, stream: number, value: Uint8Array) => {
  let sent = 0
  for (; sent + partSize < value.length; sent += partSize)
    link.send(frame(type, stream, value.subarray(sent, sent + partSize), true))
  await link.delivered()
  return frame(type, stream, value.subarray(sent))
}

const task = () => new Promise<void>((resolve) => setImmediate(resolve))

/** How often the friend is answered before anything of a large value is heard. */
const countAnswers = async (friend: Connection, heard: readonly unknown[]) => {
  let answered = 0
  while (heard.length === 0) {
    await friend.request('echo', answered)
    answered++
  }
  return answered
}

/** A device, a friend that it serves, and somebody who has sent all of a large value but its last part. */
const scene = async (type: FrameType, stream: number, value: Uint8Array) => {
  const { transport } = createTestNetwork()
  const { device, friend } = await openWithFriend(transport)
  const heard: unknown[] = []
  device.handle('take', (input) => heard.push(input))
  const link = await (await join(transport, 'mallory')).dial('device')
  await link.shakeHands()
  const last = await allButTheLast(link, type, stream, value)
  const its = device.$connections.value?.find(({ remoteId }) => remoteId === 'mallory')
  its?.onMessage((message) => heard.push(message))
  return { device, friend, link, last, heard }
}

const asRequest = encodeRequest({ action: 'take', kind: 'value', body: null, requestId: null }, table)

for (const [name, type, stream, value] of [
  ['a message', FrameType.Message, 0, table],
  ['a request', FrameType.Request, 2, asRequest],
] as const) {
  test(`${name} as large as may be is read while others are answered, and what follows it waits`, async () => {
    const { device, friend, link, last, heard } = await scene(type, stream, value)
    link.send(last)
    link.send(frame(FrameType.Message, 0, encodeValue('behind', 'INVALID_INPUT')))
    // In one go none is: the friend's question is heard after the whole value.
    expect(await countAnswers(friend, heard)).toBeGreaterThan(3)
    await until(() => heard.length === 2, 'both to be heard')
    // A handler runs once its message is read, behind what follows in the same turn.
    if (type === FrameType.Message) expect(heard).toEqual([fields, 'behind'])
    else expect(heard).toContainEqual(fields)
    await link.delivered()
    expect(resourceUsage(device).arrived).toBe(resourceUsage(device).counted)
  })
}

test('a large value counts while it is read, and no more when it is found to be none, which ends the conversation', async () => {
  const broken = table.slice()
  broken[broken.length - 1] = 0xc1
  const { device, link, last, heard } = await scene(FrameType.Message, 0, broken)
  link.send(last)
  await until(() => link.isClosed, 'the conversation to end')
  expect(link.of(FrameType.Bye).map(byeCode)).toEqual(['PROTOCOL'])
  expect(heard).toEqual([])
  const { arrived, counted } = resourceUsage(device)
  expect([arrived, counted]).toEqual([0, 0])
})

test('a connection that closes while a large value of its remote is read hears nothing of it', async () => {
  const { device, link, last, heard } = await scene(FrameType.Message, 0, table)
  link.send(last)
  const its = device.$connections.value?.find(({ remoteId }) => remoteId === 'mallory')
  await until(() => resourceUsage(device).arrived > 0, 'it to be read')
  await its?.close()
  await task()
  expect(heard).toEqual([])
  const { arrived, counted } = resourceUsage(device)
  expect([arrived, counted]).toEqual([0, 0])
})

test('a value of a PeerJS client, too, is read while others are answered', async () => {
  const { transport } = createTestNetwork()
  const { device, friend } = await openWithFriend(transport)
  const { channel, its } = await joinPlain(transport, device)
  const heard: unknown[] = []
  its.onMessage((message) => heard.push(message))
  const list = pack(Array.from({ length: 199_998 }, () => 1))
  channel.send(list)
  channel.send(pack('behind'))
  expect(await countAnswers(friend, heard)).toBeGreaterThan(1)
  await until(() => heard.length === 2, 'both to be heard')
  expect(heard[1]).toBe('behind')
})

test('what is being read when its link is lost is heard once, and what follows it behind it', async () => {
  const list = Array.from({ length: 40_000 }, (_, n) => n % 100)
  for (let tasks = 0; tasks < 40; tasks++) {
    const { transport, cut } = createTestNetwork()
    const device = await open('device', { transport, accept: 'anyone' })
    const heard: unknown[] = []
    device.handle('ready', () => true)
    const asker = await open('asker', { transport })
    const connection = asker.connect('device')
    await connection.request('ready', null)
    device.$connections.value?.[0]?.onMessage((message) => heard.push(message))
    const sent = [connection.send(list), connection.send('behind')]
    for (let n = 0; n < tasks; n++) await task()
    cut('device', 'asker')()
    await Promise.all(sent)
    await until(() => heard.length === 2, `both to be heard, cut after ${tasks} tasks`)
    expect(heard).toEqual([list, 'behind'])
    await Promise.all([device.destroy(), asker.destroy()])
  }
}, 60_000)

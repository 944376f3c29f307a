import { expect, test, vi } from 'vitest'
import type { Connection } from '../../src/base/types'
import { sealEnvelope } from '../../src/connection/envelope'
import { Messages } from '../../src/connection/messages'
import { createWorld } from '../support/world'

const MiB = 1024 * 1024

test('messages that nobody listens to are kept up to 4 MiB of memory, in order, and the rest is reported once', () => {
  const messages = new Messages()
  const lost = Array.from({ length: 6 }, (_, index) => messages.receive(index, MiB, 64 * MiB))
  const heard: unknown[] = []
  messages.listen((value) => heard.push(value))
  expect(heard).toEqual([0, 1, 2, 3])
  expect(lost).toMatchObject([null, null, null, null, { code: 'OVERLOADED' }, null])
})

test('of many remotes less is kept of each, and no single message that is more than its part', () => {
  const messages = new Messages()
  const part = MiB / 2
  expect(messages.receive('large', MiB, part)).toMatchObject({ code: 'OVERLOADED' })
  for (let number = 0; number < 3; number++) messages.receive(number, MiB / 4, part)
  const heard: unknown[] = []
  messages.listen((value) => heard.push(value))
  expect(heard).toEqual([0, 1])
})

test('a listener that leaves when it hears one leaves the others to whoever comes next', async () => {
  const messages = new Messages()
  for (const text of ['one', 'two', 'three']) messages.receive(sealEnvelope('chat', text), 1, MiB)
  const heard: unknown[] = []
  const leave = messages.listen((value) => {
    heard.push(`first ${value}`)
    leave()
  }, 'chat')
  await Promise.resolve()
  expect(heard).toEqual(['first one'])
  messages.listen((value) => heard.push(`second ${value}`), 'chat')
  await Promise.resolve()
  expect(heard).toEqual(['first one', 'second two', 'second three'])
})

test('a listener that another one takes off hears nothing more', () => {
  const messages = new Messages()
  const heard: unknown[] = []
  messages.listen((value) => {
    heard.push(`first ${value}`)
    leave()
  })
  const leave = messages.listen((value) => heard.push(`second ${value}`))
  messages.receive('one', 1, MiB)
  expect(heard).toEqual(['first one'])
})

test('what waits for a listener is weighed by the memory that it takes, not by its bytes', async () => {
  const { create, device, settled, clock } = createWorld()
  const onError = vi.fn()
  const nas = device('nas', { onError })
  const connection = create('laptop').connect('nas')
  // 40 KB on the wire, and over 2 MB in memory.
  const objects = Array.from({ length: 40_000 }, () => ({}))
  for (let index = 0; index < 8; index++) await settled(connection.send([index, objects]))
  await clock.advance(1000)
  const [inbound] = nas.$connections.get() as [Connection]
  const heard: unknown[] = []
  inbound.onMessage((value) => heard.push((value as unknown[])[0]))
  expect(heard).toEqual([0, 1])
  expect(onError).toHaveBeenCalledTimes(1)
})

test('an undo that is called twice takes off nobody else', () => {
  const messages = new Messages()
  const heard: unknown[] = []
  const leave = messages.listen(() => {}, 'chat')
  leave()
  messages.listen((value) => heard.push(value), 'chat')
  leave()
  messages.receive(sealEnvelope('chat', 'one'), 1, MiB)
  expect(heard).toEqual(['one'])
})

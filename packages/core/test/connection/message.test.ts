import type { StandardSchemaV1 } from '@standard-schema/spec'
import { expect, test } from 'vitest'
import { type Connection, message, onMessage, sendMessage } from '../../src'
import { Messages } from '../../src/connection/messages'
import { createPair, turns } from '../support/pair'

const chat = message<{ text: string }>('chat')
const moved = message<number>('moved')

const connected = async () => {
  const pair = await createPair(() => {})
  pair.connection.$status.listen(() => {})
  await expect.poll(() => pair.connection.$status.value?.state).toBe('open')
  const [remote] = pair.device.$connections.value ?? []
  return { ...pair, remote: remote as Connection }
}

test('a named message is heard under its name, and by nobody else', async () => {
  const { connection, remote } = await connected()
  const heard: unknown[] = []
  onMessage(connection, chat, (value) => heard.push(['chat', value]))
  onMessage(connection, moved, (value) => heard.push(['moved', value]))
  connection.onMessage((value) => heard.push(['any', value]))
  await sendMessage(remote, moved, 7)
  await sendMessage(remote, chat, { text: 'hello' })
  await remote.send({ text: 'plain' })
  await expect
    .poll(() => heard)
    .toEqual([
      ['moved', 7],
      ['chat', { text: 'hello' }],
      ['any', { text: 'plain' }],
    ])
})

test('what came before anybody listened waits by name, and reaches all who listen in one turn, in order', async () => {
  const { connection, remote } = await connected()
  for (const text of ['one', 'two']) await sendMessage(remote, chat, { text })
  await remote.send('plain')
  await turns()
  const heard: string[] = []
  const hear = (name: string) => onMessage(connection, chat, ({ text }) => heard.push(`${name} ${text}`))
  // As StrictMode does it: who leaves at once takes nothing along.
  hear('gone')()
  await turns()
  hear('a')
  hear('b')
  expect(heard).toEqual([])
  await turns(1)
  expect(heard).toEqual(['a one', 'b one', 'a two', 'b two'])
  connection.onMessage((value) => heard.push(String(value)))
  expect(heard.at(-1)).toBe('plain')
})

test('messages of names that nobody listens to are bounded all together, and told of once', async () => {
  const messages = new Messages()
  const said = Array.from({ length: 1500 }, (_, index) =>
    messages.receive({ 'nanopeer:message': `n${index}`, value: 1 }, 30, 1_000_000),
  )
  expect(said.filter((error) => error !== null)).toHaveLength(1)
  const heard: unknown[] = []
  messages.listen((value) => heard.push(value), 'n999')
  messages.listen((value) => heard.push(value), 'n1000')
  await turns(1)
  expect(heard).toEqual([1])
})

test('a message that does not match its schema is dropped, and the others stay in order', async () => {
  const schema = {
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: async (value: unknown) => {
        if (value === 'slow') await turns(3)
        return typeof value === 'string' ? { value } : { issues: [{ message: 'no text' }] }
      },
    },
  } as const
  const text = message('text', { schema })
  const { connection, remote } = await connected()
  const heard: unknown[] = []
  onMessage(connection, text, (value) => heard.push(value))
  for (const value of ['slow', 7, 'fast']) await sendMessage(remote, text, value)
  await expect.poll(() => heard).toEqual(['slow', 'fast'])
})

test('a name is a word', () => {
  expect(() => message('')).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
})

test('a remote that is not nanopeer is sent no names', async () => {
  const { laptop } = await createPair(() => {})
  const plain = laptop.connect('client', { protocol: 'plain' })
  await expect(sendMessage(plain, chat, { text: 'hello' })).rejects.toMatchObject({ code: 'UNSUPPORTED' })
})

test('what waits for a schema that takes its time is bounded, and told of once', async () => {
  const validate = () => new Promise<never>(() => {})
  const schema: StandardSchemaV1<unknown, number> = {
    '~standard': { version: 1, vendor: 'test', validate },
  }
  const number = message('number', { schema })
  const { connection, remote, errors } = await connected()
  onMessage(connection, number, () => {})
  for (let count = 0; count < 1500; count++) await sendMessage(remote, number, count)
  const overloaded = () => errors.filter((error) => (error as { code?: string }).code === 'OVERLOADED')
  await expect.poll(overloaded).toHaveLength(1)
  expect(overloaded()).toMatchObject([{ limit: 'unreadMessages' }])
})

test('three thousand that come in one turn are all heard where the schema answers at once', async () => {
  const validate = (value: unknown) => ({ value: value as number })
  const schema: StandardSchemaV1<unknown, number> = {
    '~standard': { version: 1, vendor: 'test', validate },
  }
  const number = message('number', { schema })
  const { connection, remote, errors } = await connected()
  const heard: number[] = []
  onMessage(connection, number, (value) => heard.push(value))
  const sent = Array.from({ length: 3000 }, (_, index) => sendMessage(remote, number, index))
  await Promise.all(sent)
  await expect.poll(() => heard.length).toBe(3000)
  expect(errors).toEqual([])
})

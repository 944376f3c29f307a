import { expect, test } from 'vitest'
import { encodeValue } from '../../src/codec/write'
import { parseJson } from '../../src/engine/plain/json'
import { tokenFor, tokenOf } from '../../src/engine/signalling/token'
import { FrameType } from '../../src/engine/wire/frame'
import { createTestNetwork } from '../../testing'
import { encodeRequest } from '../support/encode-request'
import { join, open, until } from './cast'
import { frame, hello, ready } from './mallory'

test('each server hears a token of its own, from which no other can be told', () => {
  const token = tokenOf('nas')
  const [first, second] = ['https://one.example:443/', 'https://two.example:443/'].map((name) =>
    tokenFor(token, name),
  )
  expect(first).not.toBe(second)
  expect([first, second]).not.toContain(token.value)
  expect(tokenFor(tokenOf('nas'), 'https://one.example:443/')).toBe(first)
})

test.each(['{"__proto__": {"isAdmin": true}}', '{"a": [{"\\u005f_proto__": 1}]}', '{"__pr\\u006fto__": 1}'])(
  'a JSON client cannot name a field __proto__: %s',
  (text) => {
    expect(() => parseJson(new TextEncoder().encode(text))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL' }),
    )
  },
)

test('a JSON client may speak of it', () => {
  const text = JSON.stringify({ about: '__proto__ and \u0001' })
  expect(parseJson(new TextEncoder().encode(text)).value).toEqual({ about: '__proto__ and \u0001' })
})

test('two remotes that give their requests one name are told apart by their ids, and both are served', async () => {
  const { transport } = createTestNetwork()
  const device = await open('device', { transport, accept: 'anyone' })
  const runs: string[][] = []
  device.handle('pay', (_, { remote, requestId }) => runs.push([remote.id, requestId]))
  const head = { action: 'pay', kind: 'value', body: null, requestId: 'bill-1' } as const
  const payload = encodeRequest(head, encodeValue(null, 'INVALID_INPUT'))
  for (const id of ['friend', 'mallory']) {
    const link = await (await join(transport, id)).dial('device')
    link.send(hello(), ready(), frame(FrameType.Request, 2, payload))
    await link.next(FrameType.Answer)
  }
  await until(() => runs.length === 2, 'both to be served')
  expect(runs).toEqual([
    ['friend', 'bill-1'],
    ['mallory', 'bill-1'],
  ])
})

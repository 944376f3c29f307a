import { expect, test } from 'vitest'
import type { NanopeerError } from '../../../src/base/errors'
import { Negotiator, type NegotiatorHost } from '../../../src/engine/media/negotiator'
import { TestTrackConnection } from '../../../testing/track-connection'

const create = (host: Partial<NegotiatorHost> = {}) => {
  const said: string[] = []
  const connection = new TestTrackConnection({ local: 'aa', remote: 'bb' })
  const negotiator = new Negotiator(connection.asTrackConnection, true, {
    check() {},
    offering() {},
    send: ({ type }) => said.push(`sent ${type}`),
    changed: () => said.push('changed'),
    refused: ({ code }) => said.push(code),
    failed: (error) => said.push(`failed: ${error}`),
    ...host,
  })
  return { negotiator, connection, said }
}

const offer = { type: 'offer', sdp: 'm=application 9 x y\r\na=mid:0\r\n' } as const

test('what is offered without end is not kept: PROTOCOL', () => {
  const { negotiator, said } = create()
  for (let count = 0; count < 1000; count++) negotiator.receive(offer)
  expect(said).toEqual(['PROTOCOL'])
})

test('what a connection that is gone still does is not heard', async () => {
  const { negotiator, said } = create()
  negotiator.needed()
  negotiator.receive(offer)
  negotiator.stop()
  await expect.poll(() => said).toEqual([])
  negotiator.receive({ type: 'answer', sdp: '' })
  expect(said).toEqual([])
})

test('an answer to nothing is PROTOCOL', () => {
  const { negotiator, said } = create()
  negotiator.receive({ type: 'answer', sdp: '' })
  expect(said).toEqual(['PROTOCOL'])
})

test('a connection that makes no description is told of, and not the remote', async () => {
  const { negotiator, connection, said } = create()
  connection.setLocalDescription = () => Promise.reject(new Error('no codec'))
  negotiator.needed()
  await expect.poll(() => said).toEqual(['failed: Error: no codec'])
})

test('a description that cannot be applied is quoted as one printable line, and not again as a cause', async () => {
  const refused: NanopeerError[] = []
  const { negotiator, connection } = create({ refused: (error) => refused.push(error) })
  connection.setRemoteDescription = () => Promise.reject(new Error('no fingerprint: "\u001b]0;root\u0007"'))
  negotiator.receive(offer)
  await expect.poll(() => refused).toHaveLength(1)
  expect(refused[0]?.code).toBe('PROTOCOL')
  expect(refused[0]?.cause).toBe(undefined)
  expect(refused[0]?.message).toContain('no fingerprint: "\ufffd]0;root\ufffd"')
})

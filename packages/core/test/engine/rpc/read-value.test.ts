import { expect, test } from 'vitest'
import { systemClock } from '../../../src/base/clock'
import { NanopeerError } from '../../../src/base/errors'
import { encodeValue } from '../../../src/codec/write'
import { Rpc, type RpcHost } from '../../../src/engine/rpc/rpc'
import { HeldBytes } from '../../../src/engine/session/held-bytes'
import { FrameType } from '../../../src/engine/wire/frame'

test('what a large value holds while it is read is given back where a session that is closing ends in the middle of it', () => {
  const arrived = new HeldBytes(systemClock).enter(() => {})
  const limits = { messageSize: 1024 * 1024, openStreams: 10, pendingRequests: 10 }
  const port = { clock: systemClock, limits, arrived, push: () => {}, offer: () => {} }
  const host = { port, media: {}, isOdd: true, isServed: true, changed: () => {} }
  const rpc = new Rpc(host as unknown as RpcHost)
  const error = new NanopeerError('CONNECTION_LOST', 'Closed.')
  const payload = encodeValue(new Array(60_000).fill(1), 'INVALID_INPUT')
  // What is queued leaves first, and what arrives meanwhile is read.
  rpc.abort(error)
  expect(rpc.receive({ type: FrameType.Message, stream: 0, payload, more: false })).not.toBeNull()
  expect(arrived.bytes).toBe(payload.length)
  rpc.abortMessages(error)
  expect(arrived.bytes).toBe(0)
})

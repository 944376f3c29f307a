import { expect, test } from 'vitest'
import { encodeValue } from '../../src/codec/write'
import { proofOf } from '../../src/engine/handshake/token-proof'
import { FrameType } from '../../src/engine/wire/frame'
import { decodeHello, decodeReady } from '../../src/engine/wire/hello'
import { createTestNetwork } from '../../testing'
import { newIdentity } from '../support/identities'
import { resourceUsage } from '../support/resource-usage'
import { join, open, until } from './cast'
import { diverting } from './diverting'
import { frame, hello, type MalloryLink, ready, request } from './mallory'

/** A laptop with a session at the device, without any secret, whose next two dials come to Mallory. */
const diverted = async () => {
  const net = createTestNetwork()
  const { transport, state } = diverting(net.transport, 'nas', 'mallory')
  const mallory = await join(net.transport, 'mallory')
  const nas = await open('nas', { transport: net.transport, accept: 'anyone', onError: () => {} })
  let answer: ((value: unknown) => void) | null = null
  nas.handle('wait', () => new Promise((resolve) => (answer = resolve)))
  nas.handle('hello', () => 'hello')
  const reconnect = { minDelay: 20, maxDelay: 20 }
  const laptop = await open('laptop', { transport, reconnect, onError: () => {} })
  const connection = laptop.connect('nas')
  expect(await connection.request('hello')).toBe('hello')
  const waited = connection.request('wait')
  waited.catch(() => {})
  await until(() => answer !== null, 'the request to be there')
  const isMeasured = () => connection.$stats.get().rtt !== null
  connection.$stats.listen(() => {})
  await until(isMeasured, 'a ping to be answered')
  state.dials = 2
  net.cut('laptop', 'nas')()
  const redial = async (number: number) => {
    await until(() => mallory.inbound.length > number, 'the laptop to dial')
    return mallory.inbound[number] as MalloryLink
  }
  const finish = (value: unknown) => (answer as unknown as (value: unknown) => void)(value)
  return { net, nas, connection, waited, redial, finish }
}

test('without a secret, whoever answers a redial is told no token, and takes no session over by names alone', async () => {
  const { connection, waited, redial, finish } = await diverted()
  for (let number = 0; number < 2; number++) {
    const link = await redial(number)
    const said = decodeHello((await link.next(FrameType.Hello)).payload)
    expect(decodeReady((await link.next(FrameType.Ready)).payload).token).toBe('')
    const names = { from: said.to as string, to: said.from, link: said.link, proof: null }
    link.send(hello(names), ready(2), frame(FrameType.Answer, 3, encodeValue('of Mallory', 'INVALID_INPUT')))
    await link.closed()
  }
  await until(() => connection.$status.get().state === 'open', 'the true device')
  // No other link has carried the session since its first one.
  expect(connection.$status.get()).toMatchObject({ link: 2 })
  finish('of the device')
  expect(await waited).toBe('of the device')
})

test('whoever knows the names of a session does not take the place of a remote that has its token', async () => {
  const { net, nas, redial, finish } = await diverted()
  const said = decodeHello((await (await redial(0)).next(FrameType.Hello)).payload)
  net.kill('laptop')
  const link = await (await join(net.transport, 'laptop')).dial('nas')
  link.send(hello({ from: said.from, to: said.to, link: said.link + 1, proof: null }), ready(1))
  await link.next(FrameType.Forgotten)
  finish('for the laptop')
  expect(link.of(FrameType.Answer)).toEqual([])
  expect(nas.$connections.value?.map(({ remoteId }) => remoteId)).toEqual(['laptop'])
})

test('a token that was told to somebody who then said nothing is good for nothing', async () => {
  const net = createTestNetwork()
  const { transport, state } = diverting(net.transport, 'nas', 'mallory')
  const mallory = await join(net.transport, 'mallory')
  const nas = await open('nas', { transport: net.transport, accept: 'anyone' })
  nas.handle('hello', () => 'hello')
  const laptop = await open('laptop', { transport, reconnect: { minDelay: 20, maxDelay: 20 } })
  state.dials = 1
  const connection = laptop.connect('nas')
  connection.$status.listen(() => {})
  const redial = async (number: number) => {
    await until(() => mallory.inbound.length > number, 'the laptop to dial')
    const link = mallory.inbound[number] as MalloryLink
    const said = decodeHello((await link.next(FrameType.Hello)).payload)
    const { token } = decodeReady((await link.next(FrameType.Ready)).payload)
    return { link, said, token }
  }
  const first = await redial(0)
  await first.link.close()
  expect(await connection.request('hello')).toBe('hello')
  state.dials = Number.POSITIVE_INFINITY
  net.cut('laptop', 'nas')()
  const { link, said } = await redial(1)
  const names = { from: said.to as string, to: said.from, link: said.link }
  const { local, remote } = await link.link.fingerprints()
  const proof = proofOf(first.token, names, 'accepter', { dialler: remote, accepter: local })
  link.send(hello({ ...names, proof }), ready())
  await link.closed()
  expect(connection.$status.get().state).toBe('reconnecting')
})

test('a handshake that is drawn out until somebody else has proved himself carries nothing on', async () => {
  const { transport, refuse } = createTestNetwork()
  const identity = await newIdentity()
  const options = { identity: await newIdentity(), accept: [identity.key] }
  const laptop = await open('laptop', { transport, reconnect: { minDelay: 20, maxDelay: 20 }, ...options })
  laptop.handle('diary', () => 'private')
  const reachable = refuse('nas')
  const connection = laptop.connect('nas')
  let failures = 0
  let asked: Promise<unknown> | null = null
  connection.$status.listen(({ state }) => {
    if (state === 'closed') failures++
    // What is asked while we dial again waits in a session for a dial that does not fail.
    if (state === 'connecting' && failures === 2) asked ??= connection.request('hello').catch(() => {})
  })
  await until(() => failures > 2, 'dials to fail')
  const mallory = await join(transport, 'nas')
  const link = await mallory.dial('laptop')
  link.send(hello({ link: 1000 }))
  await until(() => resourceUsage(laptop).handshakes > 0, 'the laptop to have heard it')
  // The id alone: the link stays.
  await mallory['signalling'].leave()
  const nas = await open('nas', { transport, identity, accept: 'anyone' })
  reachable()
  const inbound = () => nas.$connections.value?.find(({ remoteId }) => remoteId === 'laptop')
  await until(() => inbound()?.$status.value?.state === 'open', 'the laptop to dial the device')
  expect(await inbound()?.request('diary')).toBe('private')
  await asked
  link.send(ready(2), request(2, 'diary'))
  await link.closed()
  expect(link.of(FrameType.Answer)).toEqual([])
  expect(await inbound()?.request('diary')).toBe('private')
})

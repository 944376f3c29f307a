import { expect, test } from 'vitest'
import { encodeValue } from '../../src/codec/write'
import { FrameType } from '../../src/engine/wire/frame'
import { decodeHello, decodeReady } from '../../src/engine/wire/hello'
import { createTestNetwork } from '../../testing'
import { join, open, until } from './cast'
import { diverting } from './diverting'
import { frame, hello, type MalloryLink, ready } from './mallory'

/** A laptop with a session at the device, without any secret, whose redials come to Mallory from now on. */
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
  state.isOn = true
  net.cut('laptop', 'nas')()
  const redial = async (number: number) => {
    await until(() => mallory.inbound.length > number, 'the laptop to dial')
    return mallory.inbound[number] as MalloryLink
  }
  const back = () => {
    state.isOn = false
  }
  const finish = (value: unknown) => (answer as unknown as (value: unknown) => void)(value)
  return { net, nas, connection, waited, redial, back, finish }
}

test('without a secret, whoever answers a redial is told no token, and takes no session over by names alone', async () => {
  const { connection, waited, redial, back, finish } = await diverted()
  for (let number = 0; number < 2; number++) {
    const link = await redial(number)
    const said = decodeHello((await link.next(FrameType.Hello)).payload)
    expect(decodeReady((await link.next(FrameType.Ready)).payload).token).toBe('')
    const names = { from: said.to as string, to: said.from, link: said.link, proof: null }
    link.send(hello(names), ready(2), frame(FrameType.Answer, 3, encodeValue('of Mallory', 'INVALID_INPUT')))
    await link.closed()
    expect(connection.$status.get().state).toBe('reconnecting')
  }
  back()
  await until(() => connection.$status.get().state === 'open', 'the true device')
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

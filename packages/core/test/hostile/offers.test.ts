import { describe, expect, test } from 'vitest'
import { resolveLimits } from '../../src/base/limits'
import type { IncomingOffer, SignallingEvents, Standing, Transport, Verdict } from '../../src/base/transport'
import { Admission } from '../../src/engine/admission'
import { signOffer } from '../../src/engine/handshake/offer-proof'
import { createInbound } from '../../src/engine/signalling/inbound'
import type { Offer } from '../../src/engine/signalling/server-messages'
import { generateSecret } from '../../src/index'
import { createTestNetwork } from '../../testing'
import { VirtualClock } from '../support/virtual-clock'
import { join, open, until } from './cast'
import type { Mallory } from './mallory'

/** A device, and what its signalling would ask it. */
const judging = async (secret?: string) => {
  const { transport } = createTestNetwork()
  let events: SignallingEvents | undefined
  const spying: Transport = {
    ...transport,
    join(id, options, given) {
      events = given
      return transport.join(id, options, given)
    },
  }
  const nas = await open('nas', { transport: spying, secret, reconnect: { minDelay: 50 } })
  const judge = async (offer: IncomingOffer): Promise<Verdict | undefined> => events?.offer?.(offer)
  return { nas, judge }
}

describe('an offer that shows the secret', () => {
  const secret = generateSecret()
  let count = 0
  const offerOf = async (from: string, by: string | null, to = 'nas'): Promise<IncomingOffer> => {
    const connectionId = `dc_${++count}`
    const credential = by && (await signOffer(by, { from, to, connectionId }))
    return { remoteId: from, connectionId, credential }
  }

  test('is of no stranger; with another secret, for another device or from another one it is', async () => {
    const { judge } = await judging(secret)
    expect(await judge(await offerOf('friend', secret))).toBe('proved')
    expect(await judge(await offerOf('friend', null))).toBe('stranger')
    expect(await judge(await offerOf('friend', generateSecret()))).toBe('stranger')
    expect(await judge(await offerOf('friend', secret, 'another'))).toBe('stranger')
    const overheard = await offerOf('friend', secret)
    expect(await judge({ ...overheard, remoteId: 'mallory' })).toBe('stranger')
    expect(await judge({ ...overheard, connectionId: 'dc_other' })).toBe('stranger')
    for (const credential of ['', 'x', '='.repeat(44), 'A'.repeat(10_000)]) {
      expect(await judge({ ...overheard, credential })).toBe('stranger')
    }
  })

  test('counts once: whoever overheard it gains nothing, not even at the same moment', async () => {
    const { judge } = await judging(secret)
    const offer = await offerOf('friend', secret)
    const verdicts = await Promise.all([judge(offer), judge(offer), judge(offer)])
    expect(verdicts.sort()).toEqual(['proved', 'stranger', 'stranger'])
    expect(await judge(offer)).toBe('stranger')
  })

  test('is heard after any number of strangers, who are told at once that there are too many, and then nothing', async () => {
    const { judge } = await judging(secret)
    const strangers: unknown[] = []
    for (let number = 0; number < 300; number++) {
      strangers.push(await judge(await offerOf(`mallory-${number}`, number % 2 ? generateSecret() : null)))
    }
    const many = (verdict: Verdict) => strangers.filter((it) => it === verdict).length
    expect([many('stranger'), many('busy'), many('ignored')]).toEqual([64, 64, 172])
    for (let friend = 0; friend < 20; friend++) {
      expect(await judge(await offerOf(`friend-${friend}`, secret))).toBe('proved')
    }
  })

  test('of one secret too often leaves room for those of another', async () => {
    const { nas, judge } = await judging(secret)
    const verdicts: unknown[] = []
    for (let number = 0; number < 300; number++)
      verdicts.push(await judge(await offerOf(`friend-${number}`, secret)))
    // The room of its secret, and then that of strangers.
    expect(verdicts.filter((it) => it === 'proved')).toHaveLength(128)
    const own = generateSecret()
    nas.connect('admin', { secret: own })
    await nas.connect('admin').close()
    // Nobody holds it any more.
    await until(() => nas.$connections.value?.length === 0, 'the connection to be let go')
    expect(await judge(await offerOf('admin', own))).toBe('proved')
  })
})

test('five clients that know the secret are served within 5 s while six strangers dial as fast as they can', async () => {
  const { transport } = createTestNetwork()
  const secret = generateSecret()
  const nas = await open('nas', { transport, secret, reconnect: { minDelay: 50 } })
  nas.handle('echo', (input) => input)
  const strangers = await Promise.all(
    Array.from({ length: 6 }, (_, number) => join(transport, `mallory-${number}`)),
  )
  let isOver = false
  const flood = async (stranger: Mallory) => {
    while (!isOver) {
      stranger.flood('nas', 4)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
  }
  const floods = strangers.map(flood)
  await new Promise((resolve) => setTimeout(resolve, 500))
  const times: number[] = []
  for (let number = 0; number < 5; number++) {
    const begun = performance.now()
    const client = await open(`client-${number}`, { transport, secret, reconnect: { minDelay: 50 } })
    expect(await client.connect('nas').request('echo', number)).toBe(number)
    times.push(performance.now() - begun)
  }
  isOver = true
  await Promise.all(floods)
  expect(Math.max(...times)).toBeLessThan(5000)
}, 30_000)

test('a stranger over the limit is told at once, and its dial fails with OVERLOADED', async () => {
  const { transport } = createTestNetwork()
  await open('nas', { transport, secret: generateSecret(), reconnect: { minDelay: 50 } })
  const mallory = await join(transport, 'mallory')
  mallory.flood('nas', 70)
  const other = await join(transport, 'other')
  const begun = performance.now()
  await expect(other.dial('nas')).rejects.toMatchObject({ code: 'OVERLOADED' })
  expect(performance.now() - begun).toBeLessThan(1000)
})

describe('who makes room', () => {
  const offer = (src: string, connectionId: string): Offer => ({
    src,
    connectionId,
    credential: null,
    message: {},
  })

  test('of connections that are not open yet: strangers, never for a stranger one that is proved', async () => {
    const clock = new VirtualClock()
    const left: string[] = []
    const standings: Record<string, Standing> = {}
    const inbound = createInbound({
      environment: { clock, closesEarly: false },
      events: {
        connecting() {},
        open() {},
        disconnected() {},
        link() {},
        plain() {},
        offer: ({ remoteId }) => standings[remoteId] ?? 'stranger',
      },
      refresh: async () => {},
    })
    const say = (src: string) =>
      inbound.offered(offer(src, 'dc_1'), { accept() {}, leave: () => left.push(src), busy() {} })
    for (let number = 0; number < 64; number++) say(`early-${number}`)
    for (let number = 0; number < 3; number++) {
      standings[`friend-${number}`] = 'proved'
      say(`friend-${number}`)
    }
    for (let number = 0; number < 200; number++) say(`late-${number}`)
    inbound.stop()
    expect(left).toHaveLength(64)
    expect(left.filter((src) => src.startsWith('friend'))).toHaveLength(3)
  })

  test('of handshakes: the same', () => {
    const admission = new Admission(new VirtualClock(), resolveLimits({ handshakes: 8, linksPerRemote: 8 }))
    const gone: string[] = []
    const begin = (remoteId: string, standing: Standing) => {
      const refusal = admission.refusal({ remoteId }, standing, 0)
      if (refusal) return refusal.code
      admission.enter({ remoteId, standing, isDecided: false, giveUp: () => gone.push(remoteId) })
      return null
    }
    for (let number = 0; number < 8; number++) begin(`early-${number}`, 'stranger')
    for (let number = 0; number < 8; number++) expect(begin(`friend-${number}`, 'proved')).toBe(null)
    expect(gone).toEqual(Array.from({ length: 8 }, (_, number) => `early-${number}`))
    expect(begin('late', 'stranger')).toBe('OVERLOADED')
    expect(begin('known', 'known')).toBe('OVERLOADED')
    expect(begin('friend-8', 'proved')).toBe(null)
    expect(gone.at(-1)).toBe('friend-0')
  })
})

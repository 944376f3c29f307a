import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/base/clock'
import type { Identity } from '../../src/base/identity'
import { resolveLimits } from '../../src/base/limits'
import type { IncomingOffer, SignallingEvents, Standing, Transport, Verdict } from '../../src/base/transport'
import type { PeerOptions } from '../../src/base/types'
import { Admission } from '../../src/engine/admission'
import { signOffer } from '../../src/engine/handshake/offer-proof'
import { createInbound } from '../../src/engine/signalling/inbound'
import type { Offer } from '../../src/engine/signalling/server-messages'
import { generateSecret } from '../../src/index'
import { createTestNetwork } from '../../testing'
import { memoryKnown, newIdentity } from '../support/identities'
import { VirtualClock } from '../support/virtual-clock'
import { createWorld } from '../support/world'
import { join, open, until } from './cast'
import { hello, Mallory, ready } from './mallory'

/**
 * A device, and what its signalling would ask it. Signatures take as long as they take; for the device, which counts so many in
 * so long, time stands still meanwhile.
 */
const judging = async (options: PeerOptions) => {
  let now = 0
  const { transport } = createTestNetwork({ clock: { ...systemClock, now: () => now } })
  let events: SignallingEvents | undefined
  const spying: Transport = {
    ...transport,
    join(id, options, given) {
      events = given
      return transport.join(id, options, given)
    },
  }
  const nas = await open('nas', { transport: spying, reconnect: { minDelay: 50 }, ...options })
  const judge = async (offer: IncomingOffer): Promise<Verdict | undefined> => events?.offer?.(offer)
  const pass = (ms: number) => {
    now += ms
  }
  return { nas, judge, pass }
}

describe('an offer that shows the secret', () => {
  const secret = generateSecret()
  let count = 0
  const offerOf = async (from: string, by: string | null, to = 'nas'): Promise<IncomingOffer> => {
    const connectionId = `dc_${++count}`
    const credential = (await signOffer({ secret: by, identity: null }, { from, to, connectionId })) ?? null
    return { remoteId: from, connectionId, credential }
  }

  test('is of no stranger; with another secret, for another device or from another one it is', async () => {
    const { judge } = await judging({ secret })
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
    const { judge } = await judging({ secret })
    const offer = await offerOf('friend', secret)
    const verdicts = await Promise.all([judge(offer), judge(offer), judge(offer)])
    expect(verdicts.sort()).toEqual(['proved', 'stranger', 'stranger'])
    expect(await judge(offer)).toBe('stranger')
  })

  test('is heard after any number of strangers, who are told at once that there are too many, and then nothing', async () => {
    const { judge } = await judging({ secret })
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

  test('is heard beside any number of credentials that cannot be one, and of such as one id shows', async () => {
    let lookups = 0
    const { judge } = await judging({
      secret: () => {
        lookups++
        return secret
      },
    })
    for (let number = 0; number < 1100; number++) {
      await judge({ remoteId: `mallory-${number}`, connectionId: 'dc_1', credential: 'x' })
    }
    expect(lookups).toBe(0)
    const { credential } = await offerOf('mallory', generateSecret())
    for (let number = 0; number < 1100; number++) {
      await judge({ remoteId: 'mallory', connectionId: `dc_${number}`, credential })
    }
    expect(lookups).toBe(resolveLimits().dialsPerMinute)
    expect(await judge(await offerOf('friend', secret))).toBe('proved')
  })

  test('of one secret too often leaves room for those of another', async () => {
    const { nas, judge, pass } = await judging({ secret })
    const verdicts: unknown[] = []
    for (let number = 0; number < 300; number++)
      verdicts.push(await judge(await offerOf(`friend-${number}`, secret)))
    // The room of its secret, and then that of strangers.
    expect(verdicts.filter((it) => it === 'proved')).toHaveLength(128)
    const own = generateSecret()
    nas.connect('admin', { secret: own })
    await nas.connect('admin').close()
    // Nobody holds it any more.
    pass(2000)
    await until(() => nas.$connections.value?.length === 0, 'the connection to be let go')
    expect(await judge(await offerOf('admin', own))).toBe('proved')
  })
})

describe('an offer that shows a key', () => {
  let count = 0
  const offerOf = async (from: string, identity: Identity, to = 'nas'): Promise<IncomingOffer> => {
    const connectionId = `dc_${++count}`
    const credential = (await signOffer({ secret: null, identity }, { from, to, connectionId })) ?? null
    return { remoteId: from, connectionId, credential }
  }

  test('is of no stranger where the key is listed, or known for this id; else it is', async () => {
    const [listed, known, other] = [await newIdentity(), await newIdentity(), await newIdentity()]
    const { nas, judge } = await judging({
      accept: [listed.key],
      known: memoryKnown({ friend: known.key }),
    })
    expect(await judge(await offerOf('anybody', listed))).toBe('proved')
    expect(await judge(await offerOf('friend', known))).toBe('proved')
    expect(await judge(await offerOf('another', known))).toBe('stranger')
    expect(await judge(await offerOf('friend', other))).toBe('stranger')
    expect(await judge(await offerOf('anybody', listed, 'camera'))).toBe('stranger')
    const overheard = await offerOf('anybody', listed)
    expect(await judge({ ...overheard, remoteId: 'mallory' })).toBe('stranger')
    expect(await judge(overheard)).toBe('proved')
    expect(await judge(overheard)).toBe('stranger')
    await nas.revoke(listed.key)
    expect(await judge(await offerOf('anybody', listed))).toBe('stranger')
  })

  test('is of a stranger where it only names itself: anybody can make a key, and take it for an id', async () => {
    const { nas, judge, pass } = await judging({ secret: generateSecret(), known: memoryKnown() })
    const strangers = await Promise.all(Array.from({ length: 70 }, newIdentity))
    const verdicts: unknown[] = []
    for (const stranger of strangers) verdicts.push(await judge(await offerOf(stranger.key, stranger)))
    expect(verdicts).toEqual(Array.from({ length: 70 }, (_, number) => (number < 64 ? 'stranger' : 'busy')))
    const [friend] = strangers as [Identity]
    await nas.connect(friend.key).close()
    pass(2000)
    await until(() => nas.$connections.value?.length === 0, 'the connection to be let go')
    expect(await judge(await offerOf(friend.key, friend))).toBe('proved')
  })

  test('has a bucket of its own: one that is lost to a thief leaves room for the others', async () => {
    const [stolen, friend] = [await newIdentity(), await newIdentity()]
    const { judge } = await judging({ accept: [stolen.key, friend.key] })
    const verdicts: unknown[] = []
    for (let number = 0; number < 200; number++)
      verdicts.push(await judge(await offerOf(`thief-${number}`, stolen)))
    // The room of its key, and then that of strangers.
    expect(verdicts.filter((it) => it === 'proved')).toHaveLength(128)
    expect(await judge(await offerOf('friend', friend))).toBe('proved')
  })

  test('asks a `secret` that is a function for at most 100 ids in a second', async () => {
    let asked = 0
    const secret = generateSecret()
    const { judge } = await judging({
      secret: () => {
        asked++
        return secret
      },
    })
    const identity = await newIdentity()
    const offers = await Promise.all(
      Array.from({ length: 300 }, (_, number) => offerOf(`mallory-${number}`, identity)),
    )
    await Promise.all(offers.map(judge))
    expect(asked).toBe(100)
  })
})

test('five clients that know the secret are served at their first dial while six strangers dial as fast as they can', async () => {
  const { transport } = createTestNetwork()
  const secret = generateSecret()
  let kept = 0
  const nas = await open('nas', {
    transport,
    secret,
    reconnect: { minDelay: 50 },
    onEvent: ({ type }) => {
      if (type === 'limit-hit') kept++
    },
  })
  nas.handle('echo', (input) => input)
  const strangers = await Promise.all(
    Array.from({ length: 6 }, (_, number) => join(transport, `mallory-${number}`)),
  )
  let isOver = false
  const flood = async (stranger: Mallory) => {
    while (!isOver) {
      const before = kept
      stranger.flood('nas', 4)
      await until(() => isOver || kept > before, 'the device to have heard of it')
    }
  }
  // The first are let in, up to the limit; those behind them are not.
  for (const stranger of strangers) stranger.flood('nas', 12)
  await until(() => kept > 0, 'the strangers to be over their limit')
  const floods = strangers.map(flood)
  const failures: string[] = []
  for (let number = 0; number < 5; number++) {
    const before = kept
    const client = await open(`client-${number}`, {
      transport,
      secret,
      onEvent: ({ type }) => {
        if (type === 'dial-failed') failures.push(type)
      },
    })
    expect(await client.connect('nas').request('echo', number)).toBe(number)
    await until(() => kept > before, 'the strangers to go on all the while')
  }
  isOver = true
  await Promise.all(floods)
  expect(failures).toEqual([])
}, 30_000)

test('a stranger over the limit is told at once, and its dial fails with OVERLOADED', async () => {
  const { clock, net, device, state, settled } = createWorld()
  const nas = device('nas', { secret: generateSecret() })
  await clock.runUntil(() => state(nas) === 'open')
  const until = (condition: () => boolean) => clock.runUntil(condition)
  const [mallory, other] = [
    await Mallory.join(net.transport, 'mallory', clock, until),
    await Mallory.join(net.transport, 'other', clock, until),
  ]
  mallory.flood('nas', 70)
  const begun = clock.now()
  await expect(other.dial('nas')).rejects.toMatchObject({ code: 'OVERLOADED' })
  // A dial that nobody answers waits for 15 s.
  expect(clock.now() - begun).toBeLessThan(100)
  await settled(Promise.all([mallory.leave(), other.leave()]))
})

describe('who makes room', () => {
  const offer = (src: string, connectionId: string): Offer => ({
    src,
    connectionId,
    credential: null,
    isCall: false,
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
      config: {},
      refresh: async () => {},
    })
    const nothing = { accept() {}, busy() {}, say() {}, listen: () => () => {} }
    const say = (src: string) =>
      inbound.offered(offer(src, 'dc_1'), { ...nothing, leave: () => left.push(src) })
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

  test('of connections that are not open yet: nobody, where as many may be half open as come', () => {
    const left: string[] = []
    const inbound = createInbound({
      environment: { clock: new VirtualClock(), closesEarly: false },
      events: { connecting() {}, open() {}, disconnected() {}, link() {}, plain() {} },
      config: {},
      maxOpening: 1000,
      refresh: async () => {},
    })
    const nothing = { accept() {}, busy() {}, say() {}, listen: () => () => {} }
    const ids = Array.from({ length: 1001 }, (_, number) => `client-${number}`)
    for (const src of ids) inbound.offered(offer(src, 'dc_1'), { ...nothing, leave: () => left.push(src) })
    inbound.stop()
    expect(left).toEqual(ids.slice(1))
  })

  test('of sessions: an idle stranger, for whoever has a key that is known, and for no stranger', async () => {
    const { transport } = createTestNetwork()
    const identity = await newIdentity()
    const options = { accept: 'anyone', identity: await newIdentity(), limits: { sessions: 4 } } as const
    const nas = await open('nas', { transport, known: memoryKnown({ friend: identity.key }), ...options })
    nas.handle('hello', () => 'hello')
    nas.handle('wait', () => new Promise(() => {}))
    const strangers = await Promise.all([1, 2, 3, 4].map((it) => open(`stranger-${it}`, { transport })))
    const connections = strangers.map((stranger) => stranger.connect('nas'))
    for (const connection of connections) expect(await connection.request('hello')).toBe('hello')
    connections[0]?.request('wait').catch(() => {})
    await until(() => nas.$connections.value?.length === 4, 'the strangers')
    const late = (await open('late', { transport })).connect('nas')
    await expect(late.request('hello')).rejects.toMatchObject({ code: 'OVERLOADED' })
    const friend = (await open('friend', { transport, identity })).connect('nas')
    expect(await friend.request('hello')).toBe('hello')
    const listed = () => nas.$connections.value?.map(({ remoteId }) => remoteId) ?? []
    await until(() => listed().length === 4, 'one to be gone')
    expect(listed()).toContain('stranger-1')
    expect(listed()).toContain('friend')
  })

  test('of handshakes: the same', () => {
    const admission = new Admission(new VirtualClock(), resolveLimits({ handshakes: 8, linksPerRemote: 8 }))
    const gone: string[] = []
    const begin = (remoteId: string, standing: Standing) => {
      const refusal = admission.refusal({ remoteId }, standing)
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

  test.each(['nanopeer', 'peerjs'] as const)(
    'of handshakes about whom somebody is being asked: %s strangers, for whoever has a key that is known',
    async (protocol) => {
      const { transport } = createTestNetwork()
      const identity = await newIdentity()
      const asked: string[] = []
      const nas = await open('nas', {
        transport,
        identity: await newIdentity(),
        known: memoryKnown({ friend: identity.key }),
        accept({ id, authenticated }) {
          if (authenticated) return true
          asked.push(id)
          return new Promise(() => {})
        },
      })
      nas.handle('hello', () => 'hello')
      const { handshakes } = resolveLimits()
      for (let number = 0; number < handshakes; number++) {
        const mallory = await join(transport, `mallory-${number}`)
        if (protocol === 'peerjs') await mallory.dialPlain('nas')
        else (await mallory.dial('nas')).send(hello(), ready())
      }
      await until(() => asked.length === handshakes, 'all to be asked about')
      const friend = (await open('friend', { transport, identity })).connect('nas')
      expect(await friend.request('hello')).toBe('hello')
      // No stranger takes the place of one about whom somebody is being asked, and nobody is let in who has made room.
      await expect((await join(transport, 'late')).dial('nas')).rejects.toMatchObject({ code: 'OVERLOADED' })
      expect(nas.$connections.value?.filter(({ $status }) => $status.value?.state === 'open')).toHaveLength(1)
    },
  )
})

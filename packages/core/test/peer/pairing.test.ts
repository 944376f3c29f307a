import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Known } from '../../src/base/known'
import type { Transport } from '../../src/base/transport'
import { createIdentity } from '../../src/engine/identity/create'
import { generateKeyPair } from '../../src/engine/identity/signature'
import { words } from '../../src/engine/pairing/words'
import { NanopeerError, type Pairing, type PairingState, type PeerOptions } from '../../src/index'
import { loadPairing } from '../../src/peer/load-pairing'
import { createTestNetwork } from '../../testing'
import { create, join, until } from '../hostile/cast'
import { rendezvousOf } from '../hostile/pairing-frames'
import { VirtualClock } from '../support/virtual-clock'

const newIdentity = async () => createIdentity(await generateKeyPair(false), { created: true, error: null })

const createKnown = (): Known & { readonly keys: Map<string, string> } => {
  const keys = new Map<string, string>()
  return {
    keys,
    get: (id) => keys.get(id),
    set: (id, key) => void keys.set(id, key),
    delete: (id) => void keys.delete(id),
    list: () => [...keys].map(([id, key]) => ({ id, key })),
  }
}

/** Two devices with keys that have never met. */
const createPair = async (options: PeerOptions = {}, net = createTestNetwork()) => {
  const [nasKnown, phoneKnown] = [createKnown(), createKnown()]
  const [nasIdentity, phoneIdentity] = await Promise.all([newIdentity(), newIdentity()])
  const { transport } = net
  const nas = create('nas', { transport, identity: nasIdentity, known: nasKnown, ...options })
  const phone = create('phone', { transport, identity: phoneIdentity, known: phoneKnown })
  return { net, nas, phone, nasKnown, phoneKnown, nasIdentity, phoneIdentity }
}

const statusOf = ({ $state }: Pairing) => $state.get().status
const shown = async (pairing: Pairing) => {
  await until(() => statusOf(pairing) === 'waiting', 'a code to be shown')
  return pairing.$state.get() as Extract<PairingState, { status: 'waiting' }>
}

/** The same digits with another word. */
const wrongly = (code: string): string => {
  const [digits, first, second] = code.split('-')
  return `${digits}-${first}-${words.find((word) => word !== second)}`
}

const errorWith = (code: string, message: RegExp | string = '') =>
  expect.objectContaining({ code, message: expect.stringMatching(message) })

// A clock that stands still cannot wait for an import.
beforeAll(() => loadPairing(createTestNetwork().transport))

describe('pairing', () => {
  test('gives each device the id and key of the other, and nothing more to whoever comes later', async () => {
    const { nas, phone, nasKnown, phoneKnown, nasIdentity, phoneIdentity } = await createPair()
    const hosting = nas.pair()
    const { code, expiresAt } = await shown(hosting)
    expect(code).toMatch(/^\d{6}-[a-z]+-[a-z]+$/)
    expect(expiresAt - Date.now()).toBeGreaterThan(115_000)
    const joining = phone.join(`  ${code.toUpperCase().replaceAll('-', ' ')}`)
    await expect(joining.done).resolves.toEqual({ id: 'nas', key: nasIdentity.key })
    await expect(hosting.done).resolves.toEqual({ id: 'phone', key: phoneIdentity.key })
    expect([...nasKnown.keys]).toEqual([['phone', phoneIdentity.key]])
    expect([...phoneKnown.keys]).toEqual([['nas', nasIdentity.key]])
    expect([statusOf(hosting), statusOf(joining)]).toEqual(['paired', 'paired'])
    await expect(phone.join(code).done).rejects.toThrow(errorWith('PEER_UNAVAILABLE', /No device shows/))
  })

  test('is over for whoever typed the code once the other device knows it', async () => {
    const known = createKnown()
    const steps: string[] = []
    const set = async (id: string, key: string) => {
      // As long as a file takes, in turns of the event loop: many more than a message needs.
      for (let turns = 0; turns < 50; turns++) await new Promise(setImmediate)
      await known.set(id, key)
      steps.push('kept')
    }
    const { nas, phone } = await createPair({ known: { ...known, set } })
    const joining = phone.join((await shown(nas.pair())).code)
    await joining.done
    steps.push('paired')
    expect(steps).toEqual(['kept', 'paired'])
  })

  test('fails on both sides where the one that shows the code cannot keep the other', async () => {
    const set = () => Promise.reject(new Error('The disk is full.'))
    const { nas, phone, phoneKnown } = await createPair({ known: { ...createKnown(), set } })
    const hosting = nas.pair()
    const joining = phone.join((await shown(hosting)).code)
    await expect(hosting.done).rejects.toThrow(errorWith('UNSUPPORTED'))
    await expect(joining.done).rejects.toThrow(NanopeerError)
    expect(phoneKnown.keys.size).toBe(0)
  })

  test('by a QR text pairs with the device that it names, once', async () => {
    const { nas, phone, nasIdentity } = await createPair()
    const hosting = nas.pair()
    const { qr } = await shown(hosting)
    await expect(phone.join(qr).done).resolves.toEqual({ id: 'nas', key: nasIdentity.key })
    await hosting.done
    await expect(phone.join(qr).done).rejects.toThrow(errorWith('PEER_UNAVAILABLE'))
  })

  test('by a QR text that names another key fails on both sides', async () => {
    const { nas, phone, phoneKnown } = await createPair()
    const other = await newIdentity()
    const hosting = nas.pair()
    const [digits, token, , id] = (await shown(hosting)).qr.split('.')
    const joining = phone.join([digits, token, other.key, id].join('.'))
    await expect(joining.done).rejects.toThrow(errorWith('REFUSED', /another key/))
    await expect(hosting.done).rejects.toThrow(errorWith('REFUSED'))
    expect(phoneKnown.keys.size).toBe(0)
  })

  test('with a wrong code fails for whoever typed it, and lets the next one try, three times', async () => {
    const { nas, phone } = await createPair()
    const hosting = nas.pair()
    const { code } = await shown(hosting)
    for (const left of [2, 1]) {
      await expect(phone.join(wrongly(code)).done).rejects.toThrow(errorWith('REFUSED', /wrong, or spent/))
      await until(() => hosting.$state.get().guessesLeft === left, `${left} guesses to be left`)
    }
    await expect(phone.join(wrongly(code)).done).rejects.toThrow(errorWith('REFUSED'))
    await expect(hosting.done).rejects.toThrow(errorWith('REFUSED', /3 times/))
    await expect(phone.join(code).done).rejects.toThrow(errorWith('PEER_UNAVAILABLE'))
  })

  test('is over after two minutes, and its code with it', async () => {
    const clock = new VirtualClock()
    const { nas, phone } = await createPair({}, createTestNetwork({ clock }))
    const hosting = nas.pair()
    await clock.runUntil(() => statusOf(hosting) === 'waiting')
    const { code } = hosting.$state.get() as { code: string }
    await clock.advance(119_000)
    expect(statusOf(hosting)).toBe('waiting')
    await clock.advance(2_000)
    await expect(hosting.done).rejects.toThrow(errorWith('TIMEOUT', /two minutes/))
    const joining = phone.join(code)
    await clock.runUntil(() => statusOf(joining) === 'failed')
    await expect(joining.done).rejects.toThrow(errorWith('PEER_UNAVAILABLE'))
  })

  test('waits for the user of the other device, and not for a device that has fallen silent', async () => {
    const clock = new VirtualClock()
    const net = createTestNetwork({ clock })
    const { nas, phone, nasKnown } = await createPair({}, net)
    nasKnown.set('phone', (await newIdentity()).key)
    const hosting = nas.pair()
    const so = async (condition: () => boolean) => {
      // What makes use of WebCrypto waits for no clock.
      while (!condition()) {
        await clock.advance(1)
        await new Promise((resolve) => setTimeout(resolve))
      }
    }
    await so(() => statusOf(hosting) === 'waiting')
    const { code } = hosting.$state.get() as Extract<PairingState, { status: 'waiting' }>
    const joining = phone.join(code)
    let error: NanopeerError | null = null
    joining.done.catch((reason: NanopeerError) => {
      error = reason
    })
    await so(() => statusOf(hosting) === 'asking')
    net.kill(rendezvousOf(code))
    await clock.advance(125_000)
    expect(error).toBeNull()
    await clock.advance(10_000)
    await so(() => error !== null)
    expect(error).toEqual(errorWith('TIMEOUT', /has not said whether it keeps this one/))
    expect(statusOf(joining)).toBe('failed')
  })

  test('asks before an id that is known gets another key, and keeps the old where the user says so', async () => {
    const { nas, phone, nasIdentity, phoneKnown } = await createPair()
    const before = (await newIdentity()).key
    phoneKnown.keys.set('nas', before)
    const hosting = nas.pair()
    const joining = phone.join((await shown(hosting)).code)
    await until(() => statusOf(joining) === 'asking', 'the phone to ask')
    expect(joining.$state.get()).toMatchObject({
      remote: { id: 'nas', key: nasIdentity.key },
      knownKey: before,
    })
    joining.cancel()
    await expect(joining.done).rejects.toThrow(errorWith('REFUSED'))
    await expect(hosting.done).rejects.toThrow(errorWith('REFUSED', /did not want/))
    expect(phoneKnown.keys.get('nas')).toBe(before)

    const again = nas.pair()
    const replacing = phone.join((await shown(again)).code)
    await until(() => statusOf(replacing) === 'asking', 'the phone to ask again')
    replacing.replace()
    await Promise.all([replacing.done, again.done])
    expect(phoneKnown.keys.get('nas')).toBe(nasIdentity.key)
  })

  test('of a device with itself, or with one of the same id, is refused', async () => {
    const { nas, nasIdentity, net } = await createPair()
    const hosting = nas.pair()
    const mirror = create('mirror', { transport: net.transport, identity: nasIdentity })
    await expect(mirror.join((await shown(hosting)).code).done).rejects.toThrow(
      errorWith('REFUSED', /“nas” as well/),
    )
    await expect(hosting.done).rejects.toThrow(errorWith('REFUSED', /“nas” as well/))
  })

  test('without an identity, with a mistyped code, or of a destroyed peer says what to do', async () => {
    const { nas, net } = await createPair()
    const anonymous = create('anonymous', { transport: net.transport })
    await expect(anonymous.pair().done).rejects.toThrow(errorWith('INVALID_INPUT', /loadIdentity/))
    await expect(nas.join('482913-apple').done).rejects.toThrow(errorWith('INVALID_INPUT', /2 words/))
    const hosting = nas.pair()
    await shown(hosting)
    await nas.destroy()
    await expect(hosting.done).rejects.toThrow(errorWith('DESTROYED'))
    await expect(nas.pair().done).rejects.toThrow(errorWith('DESTROYED'))
  })

  test('that is cancelled before the other device is kept keeps nobody, on neither side', async () => {
    const { nas, phone, nasKnown, phoneKnown } = await createPair()
    const hosting = nas.pair()
    const { code } = await shown(hosting)
    const decrypt = crypto.subtle.decrypt.bind(crypto.subtle)
    let opened = 0
    const spy = vi.spyOn(crypto.subtle, 'decrypt').mockImplementation((...given) => {
      // A card on each side, and then the verdict of the phone: it wants to be paired.
      if (++opened === 3) hosting.cancel()
      return decrypt(...given)
    })
    onTestFinished(() => spy.mockRestore())
    const joining = phone.join(code)
    await expect(hosting.done).rejects.toThrow(errorWith('ABORTED'))
    await expect(joining.done).rejects.toThrow(NanopeerError)
    expect(opened).toBe(3)
    expect([nasKnown.keys.size, phoneKnown.keys.size]).toEqual([0, 0])
  })

  test('that is cancelled while the other device is being kept is one, on both sides', async () => {
    const known = createKnown()
    const set = async (id: string, key: string) => {
      hosting.cancel()
      await known.set(id, key)
    }
    const { nas, phone, phoneIdentity, phoneKnown } = await createPair({ known: { ...known, set } })
    const hosting = nas.pair()
    const joining = phone.join((await shown(hosting)).code)
    await expect(hosting.done).resolves.toEqual({ id: 'phone', key: phoneIdentity.key })
    await joining.done
    expect([known.keys.size, phoneKnown.keys.size]).toEqual([1, 1])
  })

  test('can be cancelled at any time, and frees its rendezvous', async () => {
    const { nas, phone } = await createPair()
    nas.pair().cancel()
    const hosting = nas.pair()
    const { code } = await shown(hosting)
    hosting.cancel()
    await expect(hosting.done).rejects.toThrow(errorWith('ABORTED'))
    await expect(phone.join(code).done).rejects.toThrow(errorWith('PEER_UNAVAILABLE'))
    const joining = phone.join(code)
    joining.cancel()
    await expect(joining.done).rejects.toThrow(errorWith('ABORTED'))
  })

  test.each(['joins', 'shows a code'])(
    'tells whoever %s at once that no server lets it in, and loses no try',
    async (who) => {
      const clock = new VirtualClock()
      const net = createTestNetwork({ clock })
      const refusal = new NanopeerError('NETWORK', 'The signalling server refused: Too many pairings.')
      const refusing: Transport = {
        ...net.transport,
        join(id, options, events) {
          queueMicrotask(() => events.disconnected(refusal, Date.now() + 1000))
          return net.transport.join(id, options, { ...events, open() {} })
        },
      }
      const peer = create('phone', { transport: refusing, identity: await newIdentity() })
      const pairing = who === 'joins' ? peer.join('482913-apple-tower') : peer.pair()
      await clock.runUntil(() => statusOf(pairing) === 'failed', 1000)
      await expect(pairing.done).rejects.toThrow(errorWith('NETWORK', /no try is lost.*Too many pairings/))
    },
  )

  test('tells whoever joins at once that too many dial the one that shows the code', async () => {
    const { net, nas, phone } = await createPair()
    const { code } = await shown(nas.pair())
    const stranger = await join(net.transport, 'nanopeer-pair-stranger')
    stranger.flood(`nanopeer-pair-${code.slice(0, 6)}`, 100)
    await expect(phone.join(code).done).rejects.toThrow(errorWith('OVERLOADED', /may be guessing/))
  })

  test('draws other digits where its rendezvous is taken', async () => {
    const { net, nas } = await createPair()
    const taken: string[] = []
    const { transport } = net
    const jealous = create('jealous', {
      identity: await newIdentity(),
      transport: {
        ...transport,
        join(id, options, events) {
          if (taken.length < 2) {
            taken.push(id)
            const other = transport.join(id, options, { ...events, open() {}, connecting() {}, link() {} })
            const signalling = transport.join(id, options, events)
            return {
              ...signalling,
              dial: signalling.dial.bind(signalling),
              dialPlain: signalling.dialPlain.bind(signalling),
              retry: () => signalling.retry(),
              leave: async () => {
                await Promise.all([other.leave(), signalling.leave()])
              },
            }
          }
          return transport.join(id, options, events)
        },
      },
    })
    const hosting = jealous.pair()
    const { code } = await shown(hosting)
    expect(new Set(taken).size).toBe(2)
    expect(taken.some((id) => id.includes(code.slice(0, 6)))).toBe(false)
    expect(taken.every((id) => /^nanopeer-pair-\d{6}$/.test(id))).toBe(true)
    await expect(nas.join(code).done).resolves.toMatchObject({ id: 'jealous' })
  })
})

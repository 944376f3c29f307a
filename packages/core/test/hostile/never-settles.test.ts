import { beforeAll, expect, test } from 'vitest'
import type { Identity } from '../../src/base/identity'
import type { Known } from '../../src/base/known'
import type { PeerOptions } from '../../src/base/types'
import { loadPairing } from '../../src/peer/load-pairing'
import { createTestNetwork } from '../../testing'
import { memoryKnown, newIdentity } from '../support/identities'
import type { VirtualClock } from '../support/virtual-clock'
import { createWorld } from '../support/world'

// What a handshake asks the application for may never come: a database that hangs, a dialog that nobody answers.

// A clock that stands still cannot wait for an import.
beforeAll(() => loadPairing(createTestNetwork().transport))

/** What never answers, and whether it was asked. */
const createStuck = () => {
  let isAsked = false
  const never = (): Promise<never> => {
    isAsked = true
    return new Promise(() => {})
  }
  return { never, isAsked: () => isAsked }
}

type Stuck = ReturnType<typeof createStuck>
type OptionsOf = (stuck: Stuck) => PeerOptions

const identity = await newIdentity()
const withKnown =
  (how: (never: () => Promise<never>) => Partial<Known>): OptionsOf =>
  ({ never }) => ({ identity, known: { ...memoryKnown(), ...how(never) } })

/** Whoever asks for it waits. */
const lateIdentity: OptionsOf = ({ never }) => ({
  // Awaited is asked: there is no other sign of it.
  // biome-ignore lint/suspicious/noThenProperty: a promise that tells
  identity: { then: () => void never() } as unknown as Promise<Identity>,
})

/** Until it is asked, the clock goes no faster than real time: what signs takes some of that. */
const untilAsked = async (clock: VirtualClock, { isAsked }: Stuck) => {
  while (!isAsked()) {
    await clock.advance(1)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** What a request comes to, and after how many ms. */
const ask = async (laptopOptions: OptionsOf, nasOptions: OptionsOf) => {
  const { clock, create, settled } = createWorld()
  const heard: unknown[] = []
  const onError = (error: unknown) => void heard.push(error)
  const stuck = createStuck()
  const nas = create('nas', { accept: 'anyone', onError, ...nasOptions(stuck) })
  nas.handle('hello', () => 'hi')
  void nas.open()
  const connection = create('laptop', { onError, ...laptopOptions(stuck) }).connect('nas')
  const asked = connection.request('hello', null, { timeout: 60_000 }).catch((error: unknown) => error)
  await untilAsked(clock, stuck)
  const begun = clock.now()
  const answer = await settled(asked)
  return { answer, took: clock.now() - begun, heard, status: connection.$status.get() }
}

const timeout = (message: RegExp) =>
  expect.objectContaining({ code: 'TIMEOUT', message: expect.stringMatching(message) })

test.each<[string, OptionsOf]>([
  ['an identity', lateIdentity],
  ['`known.get`', withKnown((get) => ({ get }))],
])('a dial that waits for %s fails, and says so', async (_, laptop) => {
  const { answer, took, status } = await ask(laptop, () => ({ identity }))
  expect(answer).toEqual(timeout(/did not answer within 10000 ms/))
  expect(status.error).toEqual(timeout(/did not answer within 10000 ms/))
  expect(took).toBeLessThan(12_000)
})

test('what cannot be remembered in time is not known, and the request is answered', async () => {
  const laptop = withKnown((set) => ({ set }))
  const { answer, took, heard } = await ask(laptop, () => ({ identity }))
  expect(answer).toBe('hi')
  expect(heard).toContainEqual(timeout(/`known` did not answer/))
  expect(took).toBeLessThan(12_000)
})

test.each<[string, OptionsOf]>([
  ['an identity', lateIdentity],
  ['`known.get`', withKnown((get) => ({ get }))],
  [
    '`known.get` for whether a key was revoked',
    withKnown((never) => ({ get: (id) => (id === 'laptop' ? undefined : never()) })),
  ],
])('a device that waits for %s answers nobody, and tells the app', async (_, nas) => {
  const { answer, heard } = await ask(() => ({ identity }), nas)
  expect(answer).toMatchObject({ code: expect.stringMatching(/^(CONNECTION_LOST|TIMEOUT)$/) })
  expect(heard).toContainEqual(timeout(/did not answer within 10000 ms/))
})

test.each<[string, OptionsOf]>([
  ['an identity', lateIdentity],
  ['`known.get`', withKnown((get) => ({ get }))],
  ['`known.set`', withKnown((set) => ({ set }))],
])('a pairing that waits for %s fails, and says so', async (_, laptop) => {
  const { clock, create, settled } = createWorld()
  const hosting = create('nas', { identity: await newIdentity(), known: memoryKnown() }).pair()
  const { $state } = hosting
  while ($state.get().status !== 'waiting') await clock.advance(1)
  const stuck = createStuck()
  const joining = create('laptop', laptop(stuck)).join($state.get().code as string)
  joining.done.catch(() => {})
  await untilAsked(clock, stuck)
  const failed = await settled(joining.done.catch((error: unknown) => error))
  expect(failed).toMatchObject({ code: 'TIMEOUT', message: expect.stringMatching(/did not answer/) })
})

import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Clock, systemClock } from '../../../src/base/clock'
import { type Claim, createClaim } from '../../../src/engine/signalling/claim'
import { joinPeerjs } from '../../../src/engine/signalling/join'

let count = 0
const freshId = () => `claimed-${++count}`

const claims: Claim[] = []
afterEach(() => {
  for (const claim of claims.splice(0)) claim.release()
})

/** What is asked is answered within a turn of the loop or two: by turns, no machine is too slow to object. */
const patientClock: Clock = {
  ...systemClock,
  after(_ms, fn) {
    let left = 100
    const next = () => {
      if (left-- === 0) fn()
      else turn = setImmediate(next)
    }
    let turn = setImmediate(next)
    return () => clearImmediate(turn)
  },
}

const claimOf = (id: string, clock = patientClock) => {
  const events = { lost: vi.fn(), contested: vi.fn() }
  const claim = createClaim(id, clock, events)
  claims.push(claim)
  return { ...claim, ...events }
}

describe('the claim of a tab on an id', () => {
  test('holds at once where no other tab can have the same token', async () => {
    const after = vi.fn(() => () => {})
    await expect(claimOf(freshId(), { ...systemClock, after }).acquire(false)).resolves.toBe(true)
    expect(after).not.toHaveBeenCalled()
  })

  test('fails while another tab has it, and succeeds when that one lets go', async () => {
    const id = freshId()
    const original = claimOf(id)
    const copy = claimOf(id)
    await expect(original.acquire(true)).resolves.toBe(true)
    await expect(copy.acquire(true)).resolves.toBe(false)
    await expect(copy.acquire(true)).resolves.toBe(false)
    original.release()
    await expect(copy.acquire(true)).resolves.toBe(true)
    expect(original.lost).not.toHaveBeenCalled()
  })

  test('tells the holder that somebody tried', async () => {
    const id = freshId()
    const original = claimOf(id)
    const copy = claimOf(id)
    await original.acquire(true)
    await copy.acquire(true)
    expect(original.contested).toHaveBeenCalled()
  })

  test('is won by exactly one of several that come at the same time', async () => {
    const id = freshId()
    const tabs = Array.from({ length: 5 }, () => claimOf(id))
    const won = await Promise.all(tabs.map((tab) => tab.acquire(true)))
    expect(won.filter(Boolean)).toHaveLength(1)
  })

  test('is given back by the newer of two that both believe they hold it', async () => {
    const id = freshId()
    const busy = claimOf(id)
    await busy.acquire(true)
    // A tab that did not hear the objection in time: its clock gives up at once.
    const hasty = claimOf(id, {
      ...systemClock,
      after(_ms, fn) {
        queueMicrotask(fn)
        return () => {}
      },
    })
    await new Promise((resolve) => setTimeout(resolve, 5))
    await expect(hasty.acquire(true)).resolves.toBe(true)
    await expect.poll(() => hasty.lost.mock.calls.length).toBe(1)
    expect(busy.lost).not.toHaveBeenCalled()
    expect(busy.contested).toHaveBeenCalled()
    await expect(busy.acquire(true)).resolves.toBe(true)
  })

  test('answers the same to all who ask while it is decided', async () => {
    const tab = claimOf(freshId())
    await expect(Promise.all([tab.acquire(true), tab.acquire(true)])).resolves.toEqual([true, true])
  })

  test('does not concern other ids', async () => {
    const one = claimOf(freshId())
    const other = claimOf(freshId())
    await expect(Promise.all([one.acquire(true), other.acquire(true)])).resolves.toEqual([true, true])
  })

  test('ends for those who wait when it is released', async () => {
    const tab = claimOf(freshId())
    const waiting = tab.acquire(true)
    tab.release()
    await expect(waiting).resolves.toBe(false)
  })
})

test('a peer that has left while PeerJS was loading claims nothing any more', async () => {
  vi.stubGlobal('document', {})
  vi.stubGlobal('sessionStorage', { getItem: () => null, setItem() {} })
  onTestFinished(() => void vi.unstubAllGlobals())
  const id = freshId()
  const signalling = joinPeerjs({
    id,
    options: { server: { host: 'localhost' }, iceServers: [] },
    events: { connecting() {}, open() {}, disconnected() {}, link() {}, plain() {} },
    clock: systemClock,
    closesEarly: false,
    withWebSocket: (open) => open(),
    loadPeerjs: async () => ({ Peer: class {} }) as never,
  })
  await signalling.leave()
  await new Promise((resolve) => setImmediate(resolve))
  await expect(claimOf(id).acquire(true)).resolves.toBe(true)
})

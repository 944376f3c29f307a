import { describe, expect, test, vi } from 'vitest'
import { createLiveness } from '../../../src/engine/signalling/liveness'
import { manualClock } from './manual-clock'

const watched = () => {
  const clock = manualClock()
  const send = vi.fn<(nonce: string) => void>()
  const alive = vi.fn()
  const dead = vi.fn()
  const liveness = createLiveness({ clock, send, alive, dead })
  const echo = () => liveness.echoed(send.mock.lastCall?.[0])
  return { clock, send, alive, dead, liveness, echo }
}

describe('the liveness of a signalling socket', () => {
  test('is asked at once, and every ten seconds while it answers', () => {
    const { clock, send, alive, dead, liveness, echo } = watched()
    liveness.start()
    expect(send).toHaveBeenCalledTimes(1)
    for (let round = 1; round <= 5; round++) {
      echo()
      expect(alive).toHaveBeenCalledTimes(round)
      clock.pass(9_999)
      expect(send).toHaveBeenCalledTimes(round)
      clock.pass(1)
      expect(send).toHaveBeenCalledTimes(round + 1)
    }
    expect(dead).not.toHaveBeenCalled()
  })

  test('is asked every 25 seconds where the server takes that for a heartbeat, until the next socket', () => {
    const { clock, send, liveness, echo } = watched()
    liveness.start()
    liveness.relax()
    echo()
    clock.pass(24_999)
    expect(send).toHaveBeenCalledTimes(1)
    clock.pass(1)
    expect(send).toHaveBeenCalledTimes(2)
    liveness.start()
    echo()
    clock.pass(10_000)
    expect(send).toHaveBeenCalledTimes(4)
  })

  test('is over when five seconds pass without an echo', () => {
    const { clock, dead, liveness, echo } = watched()
    liveness.start()
    echo()
    clock.pass(10_000)
    clock.pass(4_999)
    expect(dead).not.toHaveBeenCalled()
    clock.pass(1)
    expect(dead).toHaveBeenCalledTimes(1)
  })

  test('is asked again, not judged, when the timer itself came late', () => {
    const { clock, send, dead, liveness, echo } = watched()
    liveness.start()
    echo()
    clock.pass(10_000)
    expect(send).toHaveBeenCalledTimes(2)
    clock.sleep(60_000)
    expect(dead).not.toHaveBeenCalled()
    expect(send).toHaveBeenCalledTimes(3)
    echo()
    clock.pass(5_000)
    expect(dead).not.toHaveBeenCalled()
  })

  test('is asked in between when somebody wants to know, and five seconds later it is judged', () => {
    const { clock, send, dead, liveness, echo } = watched()
    liveness.start()
    liveness.relax()
    echo()
    clock.pass(3_000)
    liveness.probe()
    expect(send).toHaveBeenCalledTimes(2)
    clock.pass(5_000)
    expect(dead).toHaveBeenCalledTimes(1)
  })

  test('is judged no later for being asked again and again', () => {
    const { clock, send, dead, liveness, echo } = watched()
    liveness.start()
    echo()
    for (let second = 0; second < 5; second++) {
      liveness.probe()
      clock.pass(1_000)
    }
    expect(send).toHaveBeenCalledTimes(2)
    expect(dead).toHaveBeenCalledTimes(1)
  })

  test('is quiet for as long as ever after an answer in between', () => {
    const { clock, send, liveness, echo } = watched()
    liveness.start()
    echo()
    clock.pass(9_000)
    liveness.probe()
    echo()
    clock.pass(9_999)
    expect(send).toHaveBeenCalledTimes(2)
    clock.pass(1)
    expect(send).toHaveBeenCalledTimes(3)
  })

  test('is not proved by the echo of another socket', () => {
    const { clock, send, alive, dead, liveness, echo } = watched()
    liveness.start()
    const [old] = send.mock.lastCall as [string]
    echo()
    liveness.stop()
    liveness.start()
    liveness.echoed(old)
    liveness.echoed(undefined)
    liveness.echoed('nanopeer-999')
    expect(alive).toHaveBeenCalledTimes(1)
    clock.pass(5_000)
    expect(dead).toHaveBeenCalledTimes(1)
  })

  test('is not judged any more by a server that returns no probe on two sockets in a row', () => {
    const { clock, dead, liveness, echo } = watched()
    liveness.start()
    clock.pass(5_000)
    expect(dead).toHaveBeenCalledTimes(1)
    liveness.start()
    clock.pass(5_000)
    expect(dead).toHaveBeenCalledTimes(2)
    liveness.start()
    clock.pass(60_000)
    expect(dead).toHaveBeenCalledTimes(2)
    // It answers after all.
    echo()
    clock.pass(15_000)
    expect(dead).toHaveBeenCalledTimes(3)
  })

  test('is not asked after the end', () => {
    const { clock, send, liveness } = watched()
    liveness.start()
    liveness.stop()
    liveness.probe()
    clock.pass(60_000)
    expect(send).toHaveBeenCalledTimes(1)
    expect(clock.pending).toBe(0)
  })
})

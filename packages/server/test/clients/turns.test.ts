import { describe, expect, it, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { Reader, Turns } from '../../src/clients/turns'

/** A socket as far as a reader knows it. */
const createSocket = () => {
  const socket = { isPaused: false, pause: () => {}, resume: () => {} }
  socket.pause = () => {
    socket.isPaused = true
  }
  socket.resume = () => {
    socket.isPaused = false
  }
  return socket
}

const createReader = (turns: Turns, name: string, handled: string[], onFrame = (_reader: Reader) => {}) => {
  const socket = createSocket()
  const reader: Reader = new Reader(socket as WebSocket, turns, (data) => {
    handled.push(`${name}${data}`)
    onFrame(reader)
  })
  const take = (from: number, to: number) => {
    let isTaken = true
    for (let number = from; number <= to; number += 1) {
      isTaken = reader.take(Buffer.from(String(number)), 1) && isTaken
    }
    return isTaken
  }
  return { reader, socket, take }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const numbers = (name: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${name}${from + index}`)

describe('the frames of a socket', () => {
  it('are handled at once where there are few', () => {
    const handled: string[] = []
    const { take, socket } = createReader(new Turns(), 'a', handled)
    take(1, 8)
    expect(handled).toEqual(numbers('a', 1, 8))
    expect(socket.isPaused).toBe(false)
  })

  it('take turns with those of others where there are many, and are not read on meanwhile', async () => {
    const handled: string[] = []
    const turns = new Turns()
    const flood = createReader(turns, 'f', handled)
    const other = createReader(turns, 'o', handled)
    flood.take(1, 20)
    other.take(1, 1)
    expect(handled).toEqual([...numbers('f', 1, 8), 'o1'])
    expect([flood.socket.isPaused, other.socket.isPaused]).toEqual([true, false])
    await nextTurn()
    expect(handled.slice(9)).toEqual(numbers('f', 9, 16))
    other.take(2, 2)
    await nextTurn()
    expect(handled.slice(17)).toEqual(['o2', ...numbers('f', 17, 20)])
    expect(flood.socket.isPaused).toBe(false)
  })

  it('count as several where they are large: one of 128 KiB is a turn by itself', async () => {
    const handled: number[] = []
    const turns = new Turns()
    const reader = new Reader(createSocket() as WebSocket, turns, (data) =>
      handled.push((data as Buffer).length),
    )
    const [large, small] = [Buffer.alloc(131_072), Buffer.alloc(1000)]
    for (const frame of [large, large, small, small, large, small]) reader.take(frame, 1)
    expect(handled).toHaveLength(1)
    await nextTurn()
    expect(handled).toHaveLength(2)
    await nextTurn()
    expect(handled).toHaveLength(5)
    await nextTurn()
    expect(handled).toEqual([131_072, 131_072, 1000, 1000, 131_072, 1000])
  })

  it('wait while the socket is held, and go on in their order', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] })
    const handled: string[] = []
    const { take, socket } = createReader(new Turns(), 'a', handled, (reader) => {
      if (handled.length === 3) reader.hold(1_000)
    })
    take(1, 20)
    expect(handled).toEqual(numbers('a', 1, 3))
    await nextTurn()
    expect(handled).toHaveLength(3)
    vi.advanceTimersByTime(1_000)
    vi.useRealTimers()
    for (let turn = 0; turn < 4; turn += 1) await nextTurn()
    expect(handled).toEqual(numbers('a', 1, 20))
    expect(socket.isPaused).toBe(false)
  })

  it('are forgotten where over a thousand wait, and no more are heard: one read brings so many only of such as say nothing', async () => {
    const handled: string[] = []
    const { take, reader } = createReader(new Turns(), 'a', handled)
    expect(take(1, 8 + 1024)).toBe(true)
    expect(take(1033, 1033)).toBe(false)
    // Told once.
    expect(take(1034, 9000)).toBe(true)
    await nextTurn()
    reader.finish()
    expect(handled).toEqual(numbers('a', 1, 8))
  })

  it('are all handled when the socket closes, before anything else is known of it', () => {
    const handled: string[] = []
    const { reader, take } = createReader(new Turns(), 'a', handled)
    take(1, 100)
    reader.finish()
    expect(handled).toEqual(numbers('a', 1, 100))
  })
})

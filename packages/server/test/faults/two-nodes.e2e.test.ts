import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, vi } from 'vitest'
import { chat, gather, type Sent, type Walker } from '../support/crowd'
import { startNodeProcess } from '../support/node-process'
import { patience } from '../support/patience'
import { redisPath, startRedis } from '../support/redis-server'
import { connect, register } from '../support/test-client'

const size = 1_000

const allRegistered = (crowd: readonly Walker[]) => crowd.every(({ isRegistered }) => isRegistered)

const lostOf = (sent: readonly Sent[]) => sent.filter(({ to, number }) => !to.received.has(number))

const arrived = (sent: readonly Sent[]) => vi.waitUntil(() => lostOf(sent).length === 0, patience)

/** Two nodes on one Redis, and half a crowd on each. */
const startTwoNodes = async (...args: string[]) => {
  const redis = await startRedis()
  const [one, two] = await Promise.all([
    startNodeProcess('--redis', redis.url, '--log_level', 'info', ...args),
    startNodeProcess('--redis', redis.url, ...args),
  ])
  await Promise.all([one.ready(), two.ready()])
  const crowd = await gather([one.port, two.port], size)
  const at = (port: number) => crowd.filter((walker) => walker.port === port)
  return { redis, one, two, crowd, atOne: at(one.port), atTwo: at(two.port) }
}

describe.skipIf(!redisPath)('two nodes and a Redis, with a thousand clients', () => {
  it('bring every message to its destination', async () => {
    const { atOne, atTwo } = await startTwoNodes()
    const stop = chat(atOne, atTwo, 2_000)
    await pause(1_000)
    await arrived(stop())
  })

  it('survive that one is killed: its clients come back with their ids, also with new tokens', async () => {
    const { redis, one, crowd, atOne, atTwo } = await startTwoNodes()
    for (const [index, walker] of atOne.entries()) walker.hasNewTokens = index % 2 === 0
    const stop = chat(atTwo, atOne, 1_000)
    await pause(500)
    const killedAt = performance.now()
    one.child.kill('SIGKILL')
    await one.exited
    // Redis has read that the node is gone when it answers whoever asks after that.
    await redis.ping()
    const goneAt = performance.now()
    await vi.waitUntil(() => atOne.every(({ closings }) => closings.length > 0), patience)
    await vi.waitUntil(() => allRegistered(crowd), patience)
    const backAfter = performance.now() - killedAt
    const sent = stop()
    await vi.waitUntil(() => lostOf(sent).every(({ at }) => at < goneAt), patience)
    const lost = lostOf(sent).map(({ at }) => Math.round(at - killedAt))
    console.log(
      `killed: all back after ${Math.round(backAfter)} ms; lost ${lost.length} of ${sent.length}, sent at ${lost} ms`,
    )
    expect(backAfter).toBeLessThan(10_000)
  })

  it('agree again when one was stopped for longer than its lease', async () => {
    const { one, two, crowd, atOne, atTwo } = await startTwoNodes()
    const held = await register(one.port, 'held', { token: 'first' })
    one.child.kill('SIGSTOP')
    const taken = await vi.waitUntil(
      async () => {
        const next = await connect(two.port, { id: 'held', token: 'second' })
        if ((await next.next()).type === 'OPEN') return next
        await next.ended
        // Not faster: whoever asks too often is not listened to.
      },
      { timeout: 20_000, interval: 500 },
    )
    one.child.kill('SIGCONT')
    expect(await held.ended).toEqual({ code: 4001, reason: 'displaced' })
    expect(await taken.caughtUp()).toEqual([])
    await one.ready()
    const stop = chat(atTwo, atOne, 500)
    await pause(500)
    await arrived(stop())
    expect(crowd.flatMap(({ closings }) => closings)).toEqual([])
  })

  it('close no socket when Redis is restarted, and route again', async () => {
    const { redis, one, two, crowd, atOne, atTwo } = await startTwoNodes()
    await redis.kill()
    const stopLocal = chat(atOne, atOne, 500)
    await pause(500)
    await arrived(stopLocal())
    await redis.start()
    const restartedAt = performance.now()
    await Promise.all([one.ready(), two.ready()])
    console.log(`restarted: ready after ${Math.round(performance.now() - restartedAt)} ms`)
    const stop = chat(atTwo, atOne, 1_000)
    await pause(500)
    await arrived(stop())
    expect(crowd.flatMap(({ closings }) => closings)).toEqual([])
  })

  it('close no socket when Redis stands still for ten seconds, and lose no message', async () => {
    const { redis, one, two, crowd, atOne, atTwo } = await startTwoNodes()
    redis.child.kill('SIGSTOP')
    const stopLocal = chat(atOne, atOne, 500)
    const stop = chat(atTwo, atOne, 50)
    await pause(10_000)
    await arrived(stopLocal())
    redis.child.kill('SIGCONT')
    await Promise.all([one.ready(), two.ready()])
    await arrived(stop())
    const thief = await connect(two.port, { id: atOne[0]?.id ?? '', token: 'of a stranger' })
    expect(await thief.next()).toMatchObject({ type: 'ID-TAKEN' })
    expect(crowd.flatMap(({ closings }) => closings)).toEqual([])
  })

  it('send the clients of one that is terminated to the other, under load', async () => {
    const { one, crowd, atOne, atTwo } = await startTwoNodes('--drain', '5000')
    const stop = chat(atTwo, atOne, 500)
    one.child.kill('SIGTERM')
    expect(await one.exited).toBe(0)
    await vi.waitUntil(() => allRegistered(crowd), patience)
    const sent = stop()
    const gap = Math.max(...crowd.map(({ longestGap }) => longestGap))
    console.log(
      `drained: lost ${lostOf(sent).length} of ${sent.length}, longest without a server ${Math.round(gap)} ms`,
    )
    expect(new Set(atOne.flatMap(({ closings }) => closings))).toEqual(new Set([1001]))
    expect(atTwo.flatMap(({ closings }) => closings)).toEqual([])
    // The first may go to the server that is going.
    expect(Math.max(...crowd.map(({ mostDials }) => mostDials))).toBeLessThanOrEqual(2)
  })
})

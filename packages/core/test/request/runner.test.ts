import { expect, test } from 'vitest'
import { action, type Connection, type Peer } from '../../src/index'
import { createRunner } from '../../src/request/runner'
import { createPair } from '../support/pair'
import { catchThrownLater } from '../support/thrown-later'

const echo = action<string, string>('echo')
const bytes = action.bytes<number>('bytes')
const count = action.events<number, number>('count')

const serve = (device: Peer) => {
  device.handle(echo, (input) => input)
  device.handle(bytes, (size) => new Blob([new Uint8Array(size)]))
  device.handle(count, async function* (to) {
    for (let next = 1; next <= to; next++) yield next
  })
}

const states = (runner: ReturnType<typeof createRunner>) => {
  const seen: string[] = []
  runner.$state.listen(({ status, data }) => {
    const what = data instanceof Response ? 'response' : `${data}`
    if (seen.at(-1) !== `${status} ${what}`) seen.push(`${status} ${what}`)
  })
  return seen
}

test('a run of a value goes from pending to success in one step', async () => {
  const { connection } = await createPair(serve)
  const runner = createRunner(connection, echo)
  const seen = states(runner as ReturnType<typeof createRunner>)
  expect(await runner.run('hello')).toBe('hello')
  expect(seen).toEqual(['pending undefined', 'success hello'])
})

test('a run of bytes is pending until its body has been read', async () => {
  const { connection } = await createPair(serve)
  const runner = createRunner(connection, bytes)
  const seen = states(runner as ReturnType<typeof createRunner>)
  const response = await runner.run(100_000)
  expect(runner.$state.value).toMatchObject({ status: 'pending', isPending: true, data: response })
  expect((await response.arrayBuffer()).byteLength).toBe(100_000)
  await expect.poll(() => runner.$state.value.status).toBe('success')
  expect(seen).toEqual(['pending undefined', 'pending response', 'success response'])
})

test('a run of bytes whose reader gives up was aborted', async () => {
  const { connection } = await createPair(serve)
  const runner = createRunner(connection, bytes)
  const response = await runner.run(1_000_000)
  await response.body?.cancel()
  expect(runner.$state.value).toMatchObject({ status: 'error', error: { code: 'ABORTED' } })
})

test('a run of events is pending until they have been read, or the reader leaves', async () => {
  const { connection } = await createPair(serve)
  const runner = createRunner(connection, count)
  const seen: number[] = []
  for await (const event of await runner.run(3)) {
    seen.push(event)
    expect(runner.$state.value.status).toBe('pending')
  }
  expect(seen).toEqual([1, 2, 3])
  expect(runner.$state.value.status).toBe('success')
  for await (const _ of await runner.run(3)) break
  expect(runner.$state.value).toMatchObject({ status: 'error', error: { code: 'ABORTED' } })
})

test('what an earlier run does shows no more once there is a later one, or a reset', async () => {
  const { connection } = await createPair(serve)
  const runner = createRunner(connection, echo)
  const first = runner.run('first')
  const second = runner.run('second')
  expect(await first).toBe('first')
  expect(runner.$state.value.data).not.toBe('first')
  await second
  const third = runner.run('third')
  runner.reset()
  await third
  expect(runner.$state.value).toMatchObject({ status: 'idle', data: undefined })
})

test('a rejection that is shown need not be caught', async () => {
  const { connection } = await createPair(serve)
  const unhandled: unknown[] = []
  const hear = (error: unknown) => unhandled.push(error)
  process.on('unhandledRejection', hear)
  const runner = createRunner(connection, 'unknown')
  void runner.run(null)
  await expect.poll(() => runner.$state.value.error?.code).toBe('UNKNOWN_ACTION')
  await new Promise((resolve) => setTimeout(resolve, 10))
  process.off('unhandledRejection', hear)
  expect(unhandled).toEqual([])
})

test('without a connection a run says what to wait for', async () => {
  const runner = createRunner(null as Connection | null, echo)
  await expect(runner.run('hello')).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  expect(runner.$state.value.error?.message).toContain('connection')
})

test('callbacks hear of a run when it has ended: a run of bytes once it was read', async () => {
  const { connection } = await createPair(serve)
  const heard: (readonly unknown[])[] = []
  const hear =
    (name: string) =>
    (...given: readonly unknown[]) =>
      void heard.push([name, ...given])
  const options = { onSuccess: hear('success'), onError: hear('error'), onSettled: hear('settled') }
  await createRunner(connection, echo, () => options).run('hello')
  expect(heard.splice(0)).toEqual([
    ['success', 'hello', 'hello'],
    ['settled', 'hello', null, 'hello'],
  ])
  const failed = createRunner(connection, 'unknown', () => options)
  const { error } = await failed.tryRun(1)
  expect(error).toMatchObject({ code: 'UNKNOWN_ACTION' })
  expect(heard.splice(0)).toEqual([
    ['error', error, 1],
    ['settled', undefined, error, 1],
  ])
  const response = await createRunner(connection, bytes, () => options).run(100)
  expect(heard).toEqual([])
  await response.arrayBuffer()
  await expect.poll(() => heard.map(([name]) => name)).toEqual(['success', 'settled'])
})

test('a result is the answer, or the error, and never a rejection', async () => {
  const { connection } = await createPair(serve)
  expect(await createRunner(connection, echo).tryRun('hello')).toEqual({ data: 'hello', error: null })
  const runner = createRunner(connection, bytes)
  const given = runner.tryRun(1_000_000)
  runner.abort()
  expect((await given).error).toMatchObject({ code: 'ABORTED' })
})

test('a run shows what it was given, before the device has answered', async () => {
  const { connection } = await createPair(serve)
  const runner = createRunner(connection, echo)
  const run = runner.run('hello')
  expect(runner.$state.value).toMatchObject({ status: 'pending', variables: 'hello' })
  await run
  runner.reset()
  expect(runner.$state.value.variables).toBe(undefined)
})

test('a signal that is aborted already ends a run', async () => {
  const { connection } = await createPair(serve)
  const { error } = await createRunner(connection, echo).tryRun('hello', { signal: AbortSignal.abort() })
  expect(error).toMatchObject({ code: 'ABORTED' })
})

test('a listener that throws keeps no run from its end', async () => {
  const { connection } = await createPair(serve)
  const errors = catchThrownLater()
  const heard: string[] = []
  const runner = createRunner(connection, echo, () => ({ onSuccess: (data) => heard.push(data) }))
  const mine = new Error('mine')
  runner.$state.listen(() => {
    throw mine
  })
  expect(await runner.run('hello')).toBe('hello')
  expect(heard).toEqual(['hello'])
  await expect.poll(() => errors).toEqual([mine, mine])
})

test('an abort ends a run whose answer nobody reads', async () => {
  const { connection } = await createPair(serve)
  const settled: unknown[] = []
  for (const [action, input] of [
    [bytes, 1_000_000],
    [count, 3],
  ] as const) {
    const onSettled = (_: unknown, error: { code: unknown } | null) => void settled.push(error?.code)
    const runner = createRunner<typeof action>(connection, action, () => ({ onSettled }))
    await runner.run(input)
    runner.abort()
    await expect
      .poll(() => runner.$state.value)
      .toMatchObject({ status: 'error', isPending: false, error: { code: 'ABORTED' } })
  }
  expect(settled).toEqual(['ABORTED', 'ABORTED'])
})

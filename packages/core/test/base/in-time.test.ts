import type { StandardSchemaV1 } from '@standard-schema/spec'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/base/clock'
import { validate } from '../../src/base/validate'
import { currentIceServers } from '../../src/engine/signalling/ice-servers'
import { tokenGiven } from '../../src/engine/signalling/server-address'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = () => new Promise<never>(() => {})

const schemaThat = (
  decide: () => StandardSchemaV1.Result<unknown> | Promise<StandardSchemaV1.Result<unknown>>,
) => ({ '~standard': { version: 1, vendor: 'test', validate: decide } }) satisfies StandardSchemaV1

const asked = {
  iceServers: (answer: () => never | Promise<never>) => currentIceServers(answer, systemClock),
  token: (answer: () => never | Promise<never>) =>
    tokenGiven({ host: 'nas.lan', token: answer }, systemClock),
  schema: (answer: () => never | Promise<never>) =>
    validate(schemaThat(answer), 1, 'INVALID_INPUT', 'files.list'),
}

describe.each(Object.entries(asked))("the application's %s", (name, ask) => {
  test('that never answers is given up, by its name, and leaves no timer', async () => {
    const error = ask(never).catch((reason) => reason)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(await error).toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining(name) })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that fails leaves no timer', async () => {
    await expect(ask(() => Promise.reject(new Error('the database is down')))).rejects.toThrow(
      'the database is down',
    )
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('what such a function answers', () => {
  test.each([undefined, null, 7, { jwt: 'x' }])('is no token where it is %o', async (answer) => {
    const token = () => answer as unknown as string
    await expect(tokenGiven({ host: 'nas.lan', token }, systemClock)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('server.token()'),
    })
  })

  test.each([{ iceServers: [] }, null, 'stun:x', [{ url: 'stun:x' }]])(
    'are no servers where it is %o',
    async (answer) => {
      const servers = () => answer as unknown as RTCIceServer[]
      await expect(currentIceServers(servers, systemClock)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringContaining('iceServers()'),
      })
    },
  )

  test('counts when it comes in time, at once or later', async () => {
    const token = 'a-token'
    expect(await tokenGiven({ host: 'nas.lan', token: () => token }, systemClock)).toBe(token)
    expect(await tokenGiven({ host: 'nas.lan', token: async () => token }, systemClock)).toBe(token)
    expect(
      await validate(
        schemaThat(async () => ({ value: 2 })),
        1,
        'INVALID_INPUT',
        'x',
      ),
    ).toBe(2)
    expect(vi.getTimerCount()).toBe(0)
  })
})

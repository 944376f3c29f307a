import { expect, test } from 'vitest'
import { ActionError, action, NanopeerError, requestOptions, skip } from '../../src/index'
import { createPair } from '../support/pair'

const list = action<{ path: string; depth?: number }, string>('list')

test('a query is named by peer, remote, action and input, whatever the order of its fields', async () => {
  const { connection, laptop } = await createPair(() => {})
  const { queryKey, networkMode } = requestOptions(connection, list, { path: '/', depth: 1 })
  expect(queryKey.slice(0, 4)).toEqual(['nanopeer', 'laptop', 'nas', 'list'])
  expect(networkMode).toBe('always')
  expect(requestOptions(connection, list, { depth: 1, path: '/' }).queryKey).toEqual(queryKey)
  expect(requestOptions(connection, list, { path: '/' }).queryKey).not.toEqual(queryKey)
  expect(requestOptions(laptop.connect('other'), list, { path: '/', depth: 1 }).queryKey).not.toEqual(
    queryKey,
  )
  // TanStack Query compares keys as JSON.
  expect(() => JSON.stringify(requestOptions(connection, 'any', { size: 2n ** 40n }).queryKey)).not.toThrow()
})

test('a query asks the device, and its signal reaches it', async () => {
  const aborted: string[] = []
  const controller = new AbortController()
  const { signal } = controller
  const { connection } = await createPair(
    (device) =>
      void device.handle(list, ({ path }, { signal }) => {
        if (path === '/') return 'files'
        setTimeout(() => controller.abort())
        return new Promise<string>((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.push(path)
            resolve('')
          })
        })
      }),
  )
  expect(await requestOptions(connection, list, { path: '/' }).queryFn({ signal })).toBe('files')
  const asked = requestOptions(connection, list, { path: '/slow' }).queryFn({ signal })
  await expect(asked).rejects.toMatchObject({ code: 'ABORTED' })
  await expect.poll(() => aborted).toEqual(['/slow'])
})

test('only what may be different next time is tried again, three times', async () => {
  const { connection } = await createPair(() => {})
  const { retry } = requestOptions(connection, list, { path: '/' })
  expect([0, 1, 2, 3].map((failures) => retry(failures, new NanopeerError('TIMEOUT', '')))).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(retry(0, new ActionError(404, 'No such folder'))).toBe(false)
  expect(retry(0, new NanopeerError('REFUSED', ''))).toBe(false)
})

test('an action that answers nothing gives null, which a cache can hold', async () => {
  const { connection } = await createPair((device) => void device.handle('nothing', () => undefined))
  const { signal } = new AbortController()
  expect(await requestOptions(connection, 'nothing').queryFn({ signal })).toBe(null)
})

test('a query of no connection yet, or of no input yet, is disabled', async () => {
  const { connection } = await createPair(() => {})
  const { signal } = new AbortController()
  const disabled = [requestOptions(null, list, { path: '/' }), requestOptions(connection, list, skip)]
  for (const { enabled, queryFn } of disabled) {
    expect(enabled).toBe(false)
    await expect(queryFn({ signal })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  }
  expect(requestOptions(connection, list, { path: '/' }).enabled).toBe(true)
  expect(requestOptions(undefined, list, { path: '/' }).queryKey).toContain(null)
})

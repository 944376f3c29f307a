import { expect, test } from 'vitest'
import { action, createRequest, type Peer, type RequestState } from '../../src/index'
import { createPair, turns } from '../support/pair'
import { catchThrownLater } from '../support/thrown-later'

const list = action<{ path: string; depth?: number }, string>('list')

/** Answers with how often it was asked; `hold` makes answers wait. */
const createLister = () => {
  const asked: string[] = []
  const aborted: string[] = []
  let gate = Promise.resolve()
  let release = () => {}
  return {
    asked,
    aborted,
    hold() {
      gate = new Promise((resolve) => {
        release = resolve
      })
    },
    release: () => release(),
    serve: (device: Peer) =>
      void device.handle(list, async ({ path }, { signal }) => {
        asked.push(path)
        const answer = `${path} #${asked.length}`
        signal.addEventListener('abort', () => aborted.push(path))
        await gate
        return answer
      }),
  }
}

const shows = (request: { $state: { value: RequestState<unknown> } }) =>
  expect.poll(() => `${request.$state.value.status} ${request.$state.value.data}`, { interval: 1 })

const listen = (request: { $state: { listen(listener: () => void): () => void } }) =>
  request.$state.listen(() => {})

test('a request that is only created or read asks nothing', async () => {
  const lister = createLister()
  const { connection } = await createPair(lister.serve)
  const request = createRequest(connection, list, { path: '/' })
  expect(request.$state.get()).toMatchObject({ status: 'pending', isFetching: true, isPaused: true })
  await turns()
  expect(lister.asked).toEqual([])
})

test('equal inputs share one request, whatever the order of their fields, and different ones do not', async () => {
  const lister = createLister()
  const { connection } = await createPair(lister.serve)
  const one = createRequest(connection, list, { path: '/', depth: 1 })
  const same = createRequest(connection, list, { depth: 1, path: '/' })
  const other = createRequest(connection, list, { path: '/' })
  const undo = [one, same, other].map(listen)
  await shows(one).toBe('success / #1')
  await shows(same).toBe('success / #1')
  await shows(other).toBe('success / #2')
  expect(lister.asked).toHaveLength(2)
  for (const unlisten of undo) unlisten()
})

test('names and inputs are kept apart', async () => {
  const { connection } = await createPair((device) => {
    device.handle('a', (input) => `a ${input}`)
    device.handle('aa', (input) => `aa ${input}`)
  })
  const one = createRequest(connection, 'a', 'a')
  const other = createRequest(connection, 'aa', '')
  listen(one)
  listen(other)
  await shows(one).toBe('success a a')
  await shows(other).toBe('success aa ')
})

test('the last listener aborts a task after it has left, and not when it is back by then', async () => {
  const lister = createLister()
  const { connection } = await createPair(lister.serve)
  lister.hold()
  const request = createRequest(connection, list, { path: '/' })
  const leave = listen(request)
  await expect.poll(() => lister.asked).toEqual(['/'])
  leave()
  const leaveAgain = listen(request)
  await turns()
  expect(lister.aborted).toEqual([])
  leaveAgain()
  await expect.poll(() => lister.aborted).toEqual(['/'])
  lister.release()
  listen(request)
  expect(request.$state.value).toMatchObject({ status: 'pending', data: undefined })
  await shows(request).toBe('success / #2')
})

test('a listener that was gone before its turn was over has asked nothing', async () => {
  const lister = createLister()
  const { connection } = await createPair(lister.serve)
  listen(createRequest(connection, list, { path: '/' }))()
  await turns()
  expect(lister.asked).toEqual([])
})

test('a refetch without listeners asks once, and is over when it is answered, or fails', async () => {
  const lister = createLister()
  const { connection } = await createPair(lister.serve)
  await createRequest(connection, list, { path: '/' }).refetch()
  expect(lister.asked).toEqual(['/'])
  await createRequest(connection, 'unknown', null).refetch()
})

test('a refetch that is aborted is over', async () => {
  const lister = createLister()
  const { connection } = await createPair(lister.serve)
  lister.hold()
  const request = createRequest(connection, list, { path: '/' })
  listen(request)
  const refetched = request.refetch()
  request.abort()
  await refetched
  expect(request.$state.value).toMatchObject({ status: 'error', error: { code: 'ABORTED' } })
  await turns()
  expect(lister.asked).toEqual([])
})

test('an error leaves the data of the attempt before, and the next success removes it', async () => {
  let fails = false
  const { connection } = await createPair(
    (device) =>
      void device.handle('now', () => {
        if (fails) throw new Error('no')
        return 'now'
      }),
  )
  const request = createRequest(connection, 'now', null)
  listen(request)
  await shows(request).toBe('success now')
  fails = true
  await request.refetch()
  expect(request.$state.value).toMatchObject({
    status: 'error',
    data: 'now',
    error: { code: 'HANDLER_FAILED' },
  })
  fails = false
  const refetched = request.refetch()
  expect(request.$state.value).toMatchObject({ status: 'error', data: 'now', isFetching: true })
  await refetched
  expect(request.$state.value).toMatchObject({ status: 'success', error: null, isFetching: false })
})

test('an answer that says what the one before said is the same object', async () => {
  let size = 1
  const { connection } = await createPair(
    (device) => void device.handle('files', () => [{ path: '/a', size, tags: [null, Number.NaN] }]),
  )
  const request = createRequest(connection, 'files', null)
  listen(request)
  await shows(request).toContain('success')
  const { data } = request.$state.value
  await request.refetch()
  expect(request.$state.value.data).toBe(data)
  size = 2
  await request.refetch()
  expect(request.$state.value.data).toMatchObject([{ size: 2 }])
})

test('a request pauses while the link is away, and a resumed session answers it without asking again', async () => {
  const lister = createLister()
  const { connection, net } = await createPair(lister.serve)
  lister.hold()
  const request = createRequest(connection, list, { path: '/' })
  listen(request)
  await expect.poll(() => lister.asked).toEqual(['/'])
  expect(request.$state.value.isPaused).toBe(false)
  const heal = net.cut('laptop', 'nas')
  await expect.poll(() => request.$state.value.isPaused, { interval: 1 }).toBe(true)
  heal()
  await expect.poll(() => request.$state.value.isPaused, { interval: 1 }).toBe(false)
  lister.release()
  await shows(request).toBe('success / #1')
  expect(lister.asked).toEqual(['/'])
})

test('a new session asks again, once, and keeps the data meanwhile', async () => {
  const lister = createLister()
  const pair = await createPair(lister.serve)
  const request = createRequest(pair.connection, list, { path: '/' })
  const seen: unknown[] = []
  request.$state.listen(({ data }) => seen.push(data))
  await shows(request).toBe('success / #1')
  await pair.restart(lister.serve)
  await shows(request).toBe('success / #2')
  await turns()
  expect(lister.asked).toHaveLength(2)
  expect(seen.slice(seen.indexOf('/ #1'))).not.toContain(undefined)
})

test('an input that cannot be sent is an error that names it', async () => {
  const { connection } = await createPair(() => {})
  const request = createRequest(connection, 'list', { filter: new Map() })
  listen(request)
  await expect.poll(() => request.$state.value.error?.message).toContain('input.filter')
})

test('a refetch during a flight is one more behind it, and an abort gives up both', async () => {
  const lister = createLister()
  const { connection } = await createPair(lister.serve)
  lister.hold()
  const request = createRequest(connection, list, { path: '/' })
  listen(request)
  await expect.poll(() => lister.asked).toHaveLength(1)
  const refetched = Promise.all([request.refetch(), request.refetch()])
  lister.release()
  await refetched
  expect(request.$state.value).toMatchObject({ status: 'success', data: '/ #2' })
  lister.hold()
  const given = [request.refetch()]
  await expect.poll(() => lister.asked).toHaveLength(3)
  given.push(request.refetch())
  request.abort()
  await Promise.all(given)
  await turns()
  expect(lister.asked).toHaveLength(3)
  expect(request.$state.value).toMatchObject({ status: 'error', data: '/ #2', error: { code: 'ABORTED' } })
})

test('a store that nobody listened to for a while shows its data again, as what is being fetched', async () => {
  const lister = createLister()
  const { connection } = await createPair(lister.serve)
  const request = createRequest(connection, list, { path: '/' })
  const leave = listen(request)
  await shows(request).toBe('success / #1')
  leave()
  await turns()
  const before: unknown[] = []
  before.push(request.$state.value)
  listen(request)
  expect([...before, request.$state.value]).toMatchObject([
    { status: 'success', data: '/ #1', isFetching: true },
    { status: 'success', data: '/ #1', isFetching: true },
  ])
  await shows(request).toBe('success / #2')
})

test('a link that is back is asked anew where that is wanted, though the session goes on', async () => {
  const lister = createLister()
  const { connection, net } = await createPair(lister.serve)
  const request = createRequest(connection, list, { path: '/' }, { refetchOnReconnect: 'always' })
  listen(request)
  await shows(request).toBe('success / #1')
  net.cut('laptop', 'nas')()
  await expect.poll(() => request.$state.value.data).toBe('/ #2')
})

test('a listener that throws is heard of, and the others and whoever waits hear of the answer all the same', async () => {
  const { connection } = await createPair((device) => void device.handle('now', () => 'now'))
  const errors = catchThrownLater()
  const broken = createRequest(connection, 'now', null)
  const other = createRequest(connection, 'now', null)
  const mine = new Error('mine')
  broken.$state.listen(() => {
    throw mine
  })
  const seen: string[] = []
  other.$state.listen(({ status }) => seen.push(status))
  await shows(other).toBe('success now')
  await broken.refetch()
  expect(seen.at(-1)).toBe('success')
  expect(new Set(errors)).toEqual(new Set([mine]))
})

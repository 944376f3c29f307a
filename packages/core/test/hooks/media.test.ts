import { expect, test } from 'vitest'
import { createMediaViews } from '../../src/adapter'
import { action } from '../../src/index'
import { createPair } from '../support/pair'
import { labels, streamOf, track } from '../support/stand-ins'

const watch = action.media('watch')

test('what is watched pauses with the link, and goes on in the same stream', async () => {
  const { net, connection } = await createPair((device) => device.handle(watch, () => streamOf(track('one'))))
  const view = createMediaViews<typeof watch>().view(connection, watch, undefined)
  const unlisten = view.listen(() => {})
  await expect.poll(() => view.value.status).toBe('active')
  const { stream } = view.value
  const [before] = stream?.getTracks() ?? []
  net.cut('nas', 'laptop')
  await expect.poll(() => view.value.isPaused).toBe(true)
  expect(view.value).toMatchObject({ status: 'active', error: null })
  expect(stream?.getTracks()).toEqual([before])
  net.heal('nas', 'laptop')
  await expect.poll(() => view.value.isPaused).toBe(false)
  expect(view.value.stream).toBe(stream)
  await expect.poll(() => stream?.getTracks()[0] === before).toBe(false)
  expect(stream && labels(stream)).toEqual(['video one'])
  unlisten()
})

test('what is looked at by nobody asks for nothing', async () => {
  let asked = 0
  const { connection } = await createPair((device) =>
    device.handle(watch, () => {
      asked++
      return streamOf(track('one'))
    }),
  )
  const view = createMediaViews<typeof watch>().view(connection, watch, undefined)
  expect(view.value).toMatchObject({ status: 'pending', stream: null })
  const unlisten = view.listen(() => {})
  await expect.poll(() => view.value.status).toBe('active')
  unlisten()
  await expect.poll(() => connection.$requests.get()).toEqual([])
  expect(asked).toBe(1)
})

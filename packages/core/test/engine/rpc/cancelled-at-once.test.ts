import { expect, test } from 'vitest'
import { FrameType, noPayload } from '../../../src/engine/wire/frame'
import { frame, Mallory, request } from '../../hostile/mallory'
import { createWorld } from '../../support/world'

test('a request whose cancel comes in the same message never reaches its handler', async () => {
  const { device, clock, net } = createWorld()
  const ran: unknown[] = []
  const laptop = device('laptop')
  laptop.handle('note', (input) => ran.push(input))
  await clock.runUntil(() => laptop.$status.value?.state === 'open')
  const until = (condition: () => boolean) => clock.runUntil(condition)
  const mallory = await Mallory.join(net.transport, 'mallory', clock, until)
  const link = await mallory.enter('laptop')
  link.send(request(2, 'note', 'first'))
  await link.next(FrameType.Answer, 2)
  link.send(
    request(4, 'note', 'cancelled'),
    frame(FrameType.Cancel, 4, noPayload),
    request(6, 'note', 'last'),
  )
  await link.next(FrameType.Answer, 6)
  expect(ran).toEqual(['first', 'last'])
  await link.close()
})

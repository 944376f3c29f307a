import { expect, test } from 'vitest'
import { createPeer, type Transport } from '../../src/index'
import { createTestNetwork } from '../../testing/index'

test('a peer that is destroyed gives its id back before it says goodbye, so that no dial finds it half gone', async () => {
  const { transport } = createTestNetwork()
  const events: string[] = []
  const told: Transport = {
    ...transport,
    join(...given) {
      const signalling = transport.join(...given)
      return {
        dial: (...rest) => signalling.dial(...rest),
        dialPlain: (...rest) => signalling.dialPlain(...rest),
        retry: () => signalling.retry(),
        leave() {
          events.push('id given back')
          return signalling.leave()
        },
      }
    },
  }
  const device = createPeer('nas', { transport: told, accept: 'anyone' })
  await device.open()
  const laptop = createPeer('laptop', { transport })
  const { $status } = laptop.connect('nas')
  const leave = $status.listen(({ state }) => events.push(state))
  await expect.poll(() => events.at(-1)).toBe('open')
  await device.destroy()
  await expect.poll(() => events).toContain('closed')
  expect(events.slice(0, 3)).toEqual(['open', 'id given back', 'closed'])
  leave()
  await laptop.destroy()
})

import { expect } from 'vitest'
import type { Peer } from '../../src/base/types'
import { resourceUsage } from './resource-usage'

/**
 * A peer asks another one and a third that stays, and both go away: at once, or after a close.
 *
 * @param create a peer whose `double` anybody may ask, on the network that is counted
 */
export const visitFrom =
  (create: (name: string) => Peer) =>
  async (number: number, home: string): Promise<void> => {
    const [device, asker] = [create('device'), create('asker')]
    await Promise.all([device.open(), asker.open()])
    const connection = asker.connect(device.id)
    connection.$stats.listen(() => {})
    expect(await connection.request('double', number)).toBe(2 * number)
    expect(await device.connect(home).request('double', number)).toBe(2 * number)
    if (number % 2 === 0) await connection.close()
    await Promise.all([device.destroy(), asker.destroy()])
    for (const peer of [device, asker]) {
      expect(resourceUsage(peer)).toMatchObject({
        sessions: 0,
        handshakes: 0,
        handlers: 0,
        streams: 0,
        held: 0,
        counted: 0,
      })
    }
  }

import { generateSecret } from '@nanopeer/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createPeer } from '../src/peer'
import { freshId } from './support/joined'
import { forgeries, type Relay, startRelay } from './support/relay'

const text = 'the contents of a file'

const create = (id: string, relay: Relay, secret?: string) => {
  const peer = createPeer(id, {
    server: relay.server,
    iceServers: [],
    accept: 'anyone',
    secret,
    onError: () => {},
  })
  onTestFinished(() => peer.destroy())
  return peer
}

/** A device and somebody who asks it, who know each other's ids and, perhaps, a secret. */
const ask = async (relay: Relay, patience: number, secret?: string) => {
  const device = create(freshId('device'), relay, secret)
  const laptop = create(freshId('laptop'), relay, secret)
  let runs = 0
  device.handle('read', () => {
    runs++
    return text
  })
  await device.open()
  const answer = laptop
    .connect(device.id, { timeout: 4000 })
    .request('read', 'please', { timeout: patience })
    .then(
      (value) => ({ value }) as const,
      (error) => ({ error }) as const,
    )
  return { ...(await answer), runs }
}

const heard = (relay: Relay, words: string) =>
  relay.seen.some((bytes) => new TextDecoder('latin1').decode(bytes).includes(words))

describe('a signalling server that ends DTLS on both sides and reads along', { timeout: 30_000 }, () => {
  test('sees everything where there is no secret', async () => {
    const relay = await startRelay()
    expect(await ask(relay, 25_000)).toMatchObject({ value: text, runs: 1 })
    expect(heard(relay, 'please') && heard(relay, text)).toBe(true)
  })

  test.each(forgeries)(
    'sees no request and no answer where there is a secret, with forged fingerprints: %s',
    async (forgery) => {
      const relay = await startRelay(forgery)
      // With two fingerprints there may be no channel at all, however often they dial.
      const patience = forgery === 'none' ? 25_000 : 5000
      const { error, runs } = (await ask(relay, patience, generateSecret())) as { error: Error; runs: number }
      expect(error).toMatchObject({ name: 'NanopeerError' })
      expect(runs).toBe(0)
      expect(heard(relay, 'please') || heard(relay, text)).toBe(false)
      // Without a forgery the channels open, and it is the proof that fails.
      if (forgery === 'none') {
        expect(relay.connected).toBeGreaterThan(0)
        expect(error).toMatchObject({ code: 'REFUSED' })
      }
    },
  )
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateSecret, type PeerOptions } from '@nanopeer/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { loadIdentity } from '../src'
import { createPeer } from '../src/peer'
import { freshId } from './support/joined'
import { forgeries, type Relay, startRelay } from './support/relay'

const text = 'the contents of a file'

const create = (id: string, relay: Relay, trust: PeerOptions) => {
  const peer = createPeer(id, {
    server: relay.server,
    iceServers: [],
    accept: 'anyone',
    ...trust,
    onError: () => {},
  })
  onTestFinished(() => peer.destroy())
  return peer
}

interface Trust {
  readonly device?: PeerOptions
  readonly laptop?: PeerOptions
  /** Of the device, as the laptop has pinned it. */
  readonly key?: string
}

const sharedSecret = (): Trust => {
  const secret = generateSecret()
  return { device: { secret }, laptop: { secret } }
}

const pinnedKeys = async (): Promise<Trust> => {
  const folder = await mkdtemp(join(tmpdir(), 'relay-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const [device, laptop] = await Promise.all(
    ['device', 'laptop'].map((name) => loadIdentity(join(folder, name))),
  )
  return { device: { identity: device }, laptop: { identity: laptop }, key: device?.key }
}

/** A device and somebody who asks it, who know each other's ids and, perhaps, more. */
const ask = async (relay: Relay, patience: number, trust: Trust = {}) => {
  const device = create(freshId('device'), relay, trust.device ?? {})
  const laptop = create(freshId('laptop'), relay, trust.laptop ?? {})
  let runs = 0
  device.handle('read', () => {
    runs++
    return text
  })
  await device.open()
  const answer = laptop
    .connect(device.id, { timeout: 4000, key: trust.key })
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

  test.each(
    forgeries.flatMap((forgery) => [
      { what: 'a secret is shared', forgery, trust: sharedSecret },
      { what: 'keys are pinned', forgery, trust: pinnedKeys },
    ]),
  )(
    'sees no request and no answer where $what, with forged fingerprints: $forgery',
    async ({ forgery, trust }) => {
      const relay = await startRelay(forgery)
      // With two fingerprints there may be no channel at all, however often they dial.
      const patience = forgery === 'none' ? 25_000 : 5000
      const { error, runs } = (await ask(relay, patience, await trust())) as { error: Error; runs: number }
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

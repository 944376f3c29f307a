import type { Clock } from '../../base/clock'
import { NanopeerError } from '../../base/errors'
import { type Identity, nobody } from '../../base/identity'
import { inTime } from '../../base/in-time'
import type { KnownRemote } from '../../base/known'
import { type PairingCode, startingPairing } from '../../base/pairing'
import type { SignallingOptions, Transport } from '../../base/transport'
import type { PairingHost } from '../../engine'
import { knownInTime } from '../known-in-time'

/** What both sides of a pairing need. */
export interface PairingContext {
  readonly id: string
  readonly identity: Identity
  readonly signalling: SignallingOptions
  readonly transport: Transport
  readonly clock: Clock
  /** Ends it; the reason is a `NanopeerError`. */
  readonly signal: AbortSignal
  /** This is to be shown. */
  waiting(code: PairingCode): void
  /** The key that an id is known by. */
  knownKey(id: string): Promise<string | undefined>
  /** Whether the user wants this key instead of the one that is known. Rejects when `signal` fires. */
  ask(remote: KnownRemote, knownKey: string): Promise<boolean>
  /** Remembers the remote. */
  keep(remote: KnownRemote): Promise<void>
}

/** Rejects with `INVALID_INPUT` where the peer has no identity. */
export const contextOf = async (host: PairingHost): Promise<PairingContext> => {
  const { id, transport, clock, signal } = host
  const { identity, server, iceServers } = host.options
  if (!identity) throw noIdentity(id)
  const known = host.options.known && knownInTime(host.options.known, clock)
  return {
    id,
    identity: await inTime('`identity`', () => identity, clock),
    signalling: { server, iceServers },
    transport,
    clock,
    signal,
    waiting: (code) =>
      host.show({
        ...startingPairing,
        status: 'waiting',
        ...code,
        remote: null,
        knownKey: null,
        error: null,
      }),
    async knownKey(remoteId) {
      const key = await known?.get(remoteId)
      return key === nobody ? undefined : key
    },
    ask: (remote, knownKey) =>
      new Promise<boolean>((resolve, reject) => {
        host.asked(resolve)
        signal.addEventListener('abort', () => reject(signal.reason))
        host.show({ ...startingPairing, status: 'asking', remote, knownKey, error: null })
      }),
    async keep({ id, key }) {
      try {
        // What revoking has left there. The user knows: they have just shown, or typed, a code.
        if ((await known?.get(key)) === nobody) await known?.delete(key)
        await known?.set(id, key)
      } catch (cause) {
        // The other device hears of it: it is not to keep us either.
        throw notKept(cause)
      }
      host.revoked.delete(key)
    },
  }
}

const noIdentity = (id: string) =>
  new NanopeerError(
    'INVALID_INPUT',
    `Devices pair to know each other's keys, and this peer has none: createPeer(${JSON.stringify(id)}, { identity: loadIdentity() }).`,
  )

/** What an `identity` or `known` of somebody's own, or a file of theirs, has failed with. */
export const notKept = (cause: unknown): NanopeerError => {
  if (cause instanceof NanopeerError) return cause
  const message = 'The identity of this device, or what it knows, could not be read or written.'
  return new NanopeerError('UNSUPPORTED', message, { cause })
}

import { v4 as uuid } from 'uuid'
import { NanopeerError } from '../base/errors'
import type { Identity } from '../base/identity'
import { isKey, nobody } from '../base/identity'
import { inTime } from '../base/in-time'
import type { Known } from '../base/known'
import { checkSecret } from '../base/secret'
import type { PeerHost } from '../engine'
import type { HandshakeOptions } from './handshake/options'
import { keyChanged, type Proof } from './handshake/proof'
import { knownInTime } from './known-in-time'

/** What a handshake shows of us, and asks of the other side. */
export type Terms = Pick<
  HandshakeOptions,
  'identity' | 'expectedKey' | 'isNamed' | 'asksForKey' | 'isRevoked'
>

/** Who we are, and by which keys others are known. */
export class Trust {
  /** Asked of those whom a `secret` that is a function knows nothing of: they are refused as by any wrong secret. */
  private readonly unknownSecret = uuid()
  private readonly known: Known | undefined

  constructor(private readonly host: PeerHost) {
    const { known } = host.options
    this.known = known && knownInTime(known, host.clock)
  }

  /** What both sides must prove to know, dialled or dialling; null where nothing. */
  secretFor(remoteId: string): string | null {
    const { options, report } = this.host
    const secret = this.host.wishesOf(remoteId)?.secret ?? options.secret
    if (typeof secret !== 'function') return secret ?? null
    try {
      const found = secret(remoteId)
      if (found !== undefined) checkSecret(found)
      return found ?? this.unknownSecret
    } catch (error) {
      report(error, { remoteId })
      return this.unknownSecret
    }
  }

  /** Ours; null where the app gave none. Rejects as `loadIdentity()` does, and with `TIMEOUT` where that does not settle. */
  async identity(): Promise<Identity | null> {
    const { identity } = this.host.options
    return identity ? inTime('`identity`', () => identity, this.host.clock) : null
  }

  /** What is between us and this remote, as of now. */
  async termsWith(remoteId: string): Promise<Terms> {
    const [identity, namedKey] = await Promise.all([this.identity(), this.namedKeyOf(remoteId)])
    return {
      identity,
      expectedKey: isKey(remoteId) ? remoteId : namedKey,
      isNamed: namedKey !== null,
      asksForKey: this.known !== undefined,
      isRevoked: this.isRevoked,
    }
  }

  /** The key that this remote must have: its id where that is one, else what we name; null where it may have any. */
  async keyOf(remoteId: string): Promise<string | null> {
    return isKey(remoteId) ? remoteId : this.namedKeyOf(remoteId)
  }

  /**
   * The key by which the app, or `known`, names this remote; null where neither does. An id that is a key is no such name by
   * itself: anybody can make a key and take it for his id.
   */
  private async namedKeyOf(remoteId: string): Promise<string | null> {
    return this.pinFor(remoteId) ?? (await this.known?.get(remoteId)) ?? null
  }

  /** The key that the app has pinned for this remote, or by which it has dialled it; null where none. */
  private pinFor(remoteId: string): string | null {
    const wishes = this.host.wishesOf(remoteId)
    return (wishes && isKey(remoteId) ? remoteId : wishes?.key) ?? null
  }

  /**
   * A remote that we have dialled has proved these keys. The first one that an id has is remembered, and one that replaces the
   * one that is known. What cannot be remembered is not known: no more is made of it than of any key.
   *
   * @throws `NanopeerError` `KEY_CHANGED` where it has become known by another key meanwhile, in another tab for instance.
   */
  async learned(remoteId: string, proof: Proof): Promise<Proof> {
    const { known } = this
    const [key] = proof.keys
    if (!known || key === undefined || isKey(remoteId) || this.pinFor(remoteId) !== null) return proof
    try {
      const before = await known.get(remoteId)
      if (before !== undefined && !proof.keys.includes(before)) throw keyChanged(before, proof.keys)
      if (before !== key) await known.set(remoteId, key)
      return { ...proof, authenticated: true }
    } catch (error) {
      if (error instanceof NanopeerError && error.code === 'KEY_CHANGED') throw error
      this.host.report(error, { remoteId })
      return proof
    }
  }

  /** Whether one of these was revoked while this peer lives: for those who have no time to look further. */
  areRevoked(keys: readonly string[]): boolean {
    return keys.some((key) => this.host.revoked.has(key))
  }

  /** One that was revoked while this peer lives, or before, as far as that is kept. */
  readonly isRevoked = async (keys: readonly string[]): Promise<boolean> => {
    if (this.areRevoked(keys)) return true
    const kept = await Promise.all(keys.map((key) => this.known?.get(key)))
    return kept.includes(nobody)
  }

  /** Whether this key is one that we have to do with: it is listed, or we name this remote by it. */
  async isOurs(remoteId: string, key: string): Promise<boolean> {
    const { accept } = this.host.options
    const isListed = typeof accept === 'object' && accept.includes(key)
    if (!isListed && (await this.namedKeyOf(remoteId)) !== key) return false
    return !(await this.isRevoked([key]))
  }
}

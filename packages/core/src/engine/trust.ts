import { v4 as uuid } from 'uuid'
import type { Identity } from '../base/identity'
import { isKey, nobody } from '../base/identity'
import { checkSecret } from '../base/secret'
import type { PeerHost } from '../engine'
import type { HandshakeOptions } from './handshake/options'
import type { Proof } from './handshake/proof'

/** What a handshake shows of us, and asks of the other side. */
export type Terms = Pick<HandshakeOptions, 'identity' | 'expectedKey' | 'asksForKey' | 'isRevoked'>

/** Who we are, and by which keys others are known. */
export class Trust {
  /** Asked of those whom a `secret` that is a function knows nothing of: they are refused as by any wrong secret. */
  private readonly unknownSecret = uuid()

  constructor(private readonly host: PeerHost) {}

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

  /** The key that the app has pinned for this remote; null where none. */
  pinFor(remoteId: string): string | null {
    return this.host.wishesOf(remoteId)?.key ?? null
  }

  /** Ours; null where the app gave none. Rejects as `loadIdentity()` does. */
  async identity(): Promise<Identity | null> {
    return (await this.host.options.identity) ?? null
  }

  /** What is between us and this remote, as of now. */
  async termsWith(remoteId: string): Promise<Terms> {
    const [identity, expectedKey] = await Promise.all([this.identity(), this.keyOf(remoteId)])
    const asksForKey = this.host.options.known !== undefined
    return { identity, expectedKey, asksForKey, isRevoked: this.isRevoked }
  }

  /** The key that this remote must have: its id where that is one, else what was pinned, else what is known. */
  async keyOf(remoteId: string): Promise<string | null> {
    if (isKey(remoteId)) return remoteId
    return this.pinFor(remoteId) ?? (await this.host.options.known?.get(remoteId)) ?? null
  }

  /**
   * A remote that we have dialled has proved these keys. The first one that an id has is remembered, and one that replaces the
   * one that is known. What cannot be remembered is not known: no more is made of it than of any key.
   */
  async learned(remoteId: string, proof: Proof): Promise<Proof> {
    const { options, report } = this.host
    const { known } = options
    const [key] = proof.keys
    if (!known || key === undefined || isKey(remoteId) || this.pinFor(remoteId) !== null) return proof
    try {
      if ((await known.get(remoteId)) !== key) await known.set(remoteId, key)
      return { ...proof, authenticated: true }
    } catch (error) {
      report(error, { remoteId })
      return proof
    }
  }

  /** Whether one of these was revoked while this peer lives: for those who have no time to look further. */
  areRevoked(keys: readonly string[]): boolean {
    return keys.some((key) => this.host.revoked.has(key))
  }

  /** One that was revoked while this peer lives, or before, as far as that is kept. */
  readonly isRevoked = async (keys: readonly string[]): Promise<boolean> => {
    const { known } = this.host.options
    if (this.areRevoked(keys)) return true
    if (!known) return false
    for (const key of keys) if ((await known.get(key)) === nobody) return true
    return false
  }

  /** Whether this key is one that we have to do with: it is listed, or this id is known by it. */
  async isOurs(remoteId: string, key: string): Promise<boolean> {
    const { accept } = this.host.options
    const isListed = typeof accept === 'object' && accept.includes(key)
    if (!isListed && (await this.keyOf(remoteId)) !== key) return false
    return !(await this.isRevoked([key]))
  }
}

import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPublicKey,
  hash,
  verify,
} from 'node:crypto'
import type { Random } from '../simulation/random'
import type { VirtualClock } from './virtual-clock'

/** What stands for a `CryptoKey`: one half of a pair of P-256, or the bytes of a shared key. */
interface Key {
  /** An uncompressed point, or a shared key. */
  readonly bytes: Uint8Array
  /** Of a private key. */
  readonly scalar?: bigint
}

/** Source: SEC 2 §2.4.2 */
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

const sha256 = (message: Uint8Array | string): Buffer => hash('sha256', message, 'buffer')

const integerOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

/** A scalar and its point, the same in every process. */
const multiple = (name: string): { readonly scalar: bigint; readonly point: Uint8Array } => {
  const ecdh = createECDH('prime256v1')
  const bytes = sha256(name)
  ecdh.setPrivateKey(bytes)
  return { scalar: integerOf(bytes), point: new Uint8Array(ecdh.getPublicKey()) }
}

const inverse = (of: bigint): bigint => {
  let [a, b, x, y] = [of, order, 1n, 0n]
  while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
  return ((x % order) + order) % order
}

/** What a number of the run makes once: all runs of a process draw from the same. */
const pool = <Item>(make: (index: number) => Item): ((index: number) => Item) => {
  const made: Item[] = []
  return (index) => {
    made[index] ??= make(index)
    return made[index]
  }
}

/** Of the pairs that were drawn. */
const points = new Set<string>()

const pairAt = pool((index) => {
  const pair = multiple(`key ${index}`)
  points.add(textOf(pair.point))
  return pair
})

const nonces = 64

/** What is costly in a signature, made before. It gives the keys away where one is used twice, which is no matter here. */
const nonceAt = pool((index) => {
  const { scalar, point } = multiple(`nonce ${index}`)
  return { r: integerOf(point.subarray(1, 33)) % order, inverse: inverse(scalar) }
})

const publicKeyOf = (point: Uint8Array) => {
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((half) =>
    Buffer.from(half).toString('base64url'),
  )
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' })
}

/** Of the signatures that were made here, one in so many is checked by arithmetic all the same. */
const checkedAllTheSame = 16

const tagSize = 16

/**
 * What core uses of WebCrypto, in virtual time: an answer comes when the clock says so, as late as it is drawn, where the real one's
 * comes from a pool of threads. What it makes are real signatures, codes and ciphertexts of the same algorithms.
 */
export class VirtualCrypto {
  private drawn = 0
  private checked = 0
  /** Who has signed what, by the signature: whoever made it knows that it holds. */
  private readonly signed = new Map<string, { readonly point: Uint8Array; readonly message: Uint8Array }>()

  /** @param slowest ms that an answer may take */
  constructor(
    private readonly clock: VirtualClock,
    private readonly random: Random,
    private readonly slowest: number,
  ) {}

  /** Takes the place of the global one. Returns its undo. */
  install(): () => void {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'crypto') as PropertyDescriptor
    const { subtle } = this
    const getRandomValues = <Bytes extends Uint8Array | Uint32Array>(array: Bytes): Bytes => {
      for (let index = 0; index < array.length; index++) array[index] = this.random.next() * 2 ** 32
      return array
    }
    const value = { subtle, getRandomValues, randomUUID: crypto.randomUUID.bind(crypto) }
    Object.defineProperty(globalThis, 'crypto', { value, configurable: true })
    return () => Object.defineProperty(globalThis, 'crypto', before)
  }

  /** What core uses of `SubtleCrypto`. */
  readonly subtle = {
    generateKey: () =>
      this.later(() => {
        const { point, scalar } = pairAt(this.drawn++)
        return { publicKey: { bytes: point }, privateKey: { bytes: point, scalar } }
      }),
    exportKey: (_format: 'raw', { bytes }: Key) => this.later(() => bytes.slice().buffer),
    importKey: (_format: 'raw', bytes: Uint8Array, algorithm: string | { readonly name: string }) =>
      this.later(() => {
        const key: Key = { bytes: bytes.slice() }
        // Refuses what is no point of the curve; that of a pair is one.
        const isPoint = typeof algorithm === 'object' && algorithm.name === 'ECDSA'
        if (isPoint && !points.has(textOf(bytes))) publicKeyOf(bytes)
        return key
      }),
    digest: (_algorithm: 'SHA-256', message: Uint8Array) => this.later(() => bufferOf(sha256(message))),
    sign: (_algorithm: unknown, { scalar, bytes }: Key, message: Uint8Array) =>
      this.later(() =>
        bufferOf(scalar === undefined ? macOf(bytes, message) : this.signBy(scalar, bytes, message)),
      ),
    verify: (algorithm: unknown, { bytes }: Key, signature: Uint8Array, message: Uint8Array) =>
      this.later(() =>
        algorithm === 'HMAC'
          ? isEqual(macOf(bytes, message), signature)
          : this.isSignedBy(bytes, message, signature),
      ),
    encrypt: ({ iv }: { readonly iv: Uint8Array }, { bytes }: Key, message: Uint8Array) =>
      this.later(() => {
        const cipher = createCipheriv('aes-256-gcm', bytes, iv)
        return bufferOf(Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]))
      }),
    decrypt: ({ iv }: { readonly iv: Uint8Array }, { bytes }: Key, sealed: Uint8Array) =>
      this.later(() => {
        const decipher = createDecipheriv('aes-256-gcm', bytes, iv)
        decipher.setAuthTag(sealed.subarray(-tagSize))
        return bufferOf(Buffer.concat([decipher.update(sealed.subarray(0, -tagSize)), decipher.final()]))
      }),
  }

  /** ECDSA. Source: FIPS 186-5 §6.4.1 */
  private signBy(scalar: bigint, point: Uint8Array, message: Uint8Array): Uint8Array {
    const { r, inverse } = nonceAt(this.random.between(0, nonces - 1))
    const s = (inverse * (integerOf(sha256(message)) + r * scalar)) % order
    const signature = Buffer.from([r, s].map((half) => half.toString(16).padStart(64, '0')).join(''), 'hex')
    this.signed.set(textOf(signature), { point, message: message.slice() })
    return signature
  }

  private isSignedBy(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
    const known = this.signed.get(textOf(signature))
    const isOurs = known && isEqual(known.point, point) && isEqual(known.message, message)
    if (isOurs && ++this.checked % checkedAllTheSame !== 0) return true
    return verify('sha256', message, { key: publicKeyOf(point), dsaEncoding: 'ieee-p1363' }, signature)
  }

  /** Computed at once, of what is given now; told in a task of its own. */
  private later<Result>(compute: () => Result): Promise<Result> {
    const result = new Promise<Result>((resolve) => resolve(compute()))
    // Whoever has asked hears of a failure, when it is told.
    result.catch(() => {})
    return new Promise((resolve) => this.clock.after(this.random.skewed(this.slowest), () => resolve(result)))
  }
}

const macOf = (key: Uint8Array, message: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update(message).digest()

const isEqual = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0

const bufferOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer

import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { type Authorize, type AuthorizeRequest, jwtAuthorize, type Logger, pairingPrefix } from '../src/index'
import { startServer } from './support/servers'
import { connect, register } from './support/test-client'

const refused = { type: 'ERROR', payload: { msg: 'Invalid token provided' } }

describe('authorize', () => {
  it('is told who asks, and from where', async () => {
    const asked: AuthorizeRequest[] = []
    const authorize = (request: AuthorizeRequest) => asked.push(request) > 0
    const server = await startServer({ authorize })
    await register(server.port, 'alice', { token: 'a%20b', headers: { origin: 'https://app.example' } })
    expect(asked).toEqual([
      { id: 'alice', token: 'a b', origin: 'https://app.example', address: '127.0.0.1', purpose: 'register' },
    ])
  })

  it.each([
    ['says no', () => false],
    ['rejects', () => Promise.reject(new Error('no database'))],
    [
      'throws',
      () => {
        throw new Error('no database')
      },
    ],
  ])('refuses a client where it %s', async (_what, authorize) => {
    const server = await startServer({ authorize })
    const client = await connect(server.port)
    expect(await client.next()).toEqual(refused)
    expect(await client.ended).toEqual({ code: 4003, reason: 'unauthorized' })
  })

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['a count of none', 0],
    ['a count', 1],
    ['no number', Number.NaN],
    ['an empty text', ''],
    ['a text', 'no'],
    ['a list', []],
    ['no owner', {}],
    ['an empty owner', { owner: '' }],
    ['an owner that nobody has set', { owner: undefined }],
    ['an owner that is a number', { owner: 7 }],
    ['an end that is no time', { owner: 'ann', expiresAt: Number.NaN }],
    ['an end that is a text', { owner: 'ann', expiresAt: '2030' }],
    ['a time that never was', { owner: 'ann', expiresAt: null }],
  ])('refuses a client where it answers %s, and says once that this is a mistake', async (_what, answer) => {
    const errors: string[] = []
    const ignore = () => {}
    const error = (_fields: object, message: string) => errors.push(message)
    const logger: Logger = { debug: ignore, info: ignore, warn: ignore, error }
    // As a program without types, or a database, would answer.
    const authorize = (async () => answer) as unknown as Authorize
    const server = await startServer({ authorize, logger })
    for (const id of ['alice', 'bob']) {
      const client = await connect(server.port, { id })
      expect(await client.next()).toEqual(refused)
      expect(await client.ended).toEqual({ code: 4003, reason: 'unauthorized' })
    }
    expect(errors).toEqual([expect.stringContaining('authorize() has to answer true, false or')])
  })

  it('lets an owner take an id over with another token, and nobody else', async () => {
    const server = await startServer({ authorize: ({ token }) => ({ owner: token.split('-')[0] ?? '' }) })
    const first = await register(server.port, 'alice', { token: 'ann-1' })
    const thief = await connect(server.port, { id: 'alice', token: 'bob-1' })
    expect(await thief.next()).toMatchObject({ type: 'ID-TAKEN' })
    await register(server.port, 'alice', { token: 'ann-2' })
    expect(await first.ended).toMatchObject({ code: 4001 })
  })

  it('does not take an owner for a token of the same text', async () => {
    const authorize = ({ token }: AuthorizeRequest) => (token === 'x' ? true : { owner: 'x' })
    const server = await startServer({ authorize })
    await register(server.port, 'alice', { token: 'y' })
    const other = await connect(server.port, { id: 'alice', token: 'x' })
    expect(await other.next()).toMatchObject({ type: 'ID-TAKEN' })
  })

  it('takes an id from nobody for a socket that has gone while it was asked', async () => {
    let admit = () => {}
    let asked = 0
    const later = () =>
      new Promise<boolean>((resolve) => {
        admit = () => resolve(true)
      })
    const server = await startServer({ authorize: () => (asked++ === 0 ? true : later()) })
    const alice = await register(server.port, 'alice')
    await (await connect(server.port, { id: 'alice' })).close()
    admit()
    expect(await alice.caughtUp()).toEqual([])
    expect(server.clients).toBe(1)
  })

  it('is not asked for what is refused anyway', async () => {
    const authorize = vi.fn(() => true)
    const server = await startServer({ authorize })
    await (await connect(server.port, { key: 'other' })).ended
    expect(authorize).not.toHaveBeenCalled()
  })

  it('leaves no token in the logs', async () => {
    const lines: string[] = []
    const write = (fields: object, message: string) => lines.push(JSON.stringify(fields) + message)
    const logger: Logger = { debug: write, info: write, warn: write, error: write }
    const authorize = () => Promise.reject(new Error('no'))
    const server = await startServer({ authorize, logger })
    await (await connect(server.port, { token: 'hunter2' })).ended
    expect(lines.join()).toContain('authorize() failed')
    expect(lines.join()).not.toContain('hunter2')
  })
})

describe('origins', () => {
  it('refuses pages of others, and lets programs in', async () => {
    const server = await startServer({ origins: ['https://app.example'] })
    const from = (origin: string) => ({ headers: { origin } })
    await expect(connect(server.port, from('https://evil.example'))).rejects.toThrow('403')
    await register(server.port, 'page', from('https://app.example'))
    await register(server.port, 'program')
  })

  it('takes a star for all, and throws for what no page can be of', async () => {
    const server = await startServer({ origins: ['*'] })
    await register(server.port, 'page', { headers: { origin: 'https://any.example' } })
    await startServer({ origins: ['null', 'file://', 'https://app.example:8443', 'capacitor://localhost'] })
    for (const origin of ['https://app.example/', 'https://App.example', 'app.example', ''])
      await expect(startServer({ origins: ['null', 'https://app.example', origin] })).rejects.toThrow(
        RangeError,
      )
  })
})

describe('pairing', () => {
  const id = `${pairingPrefix}482913`

  it('tells authorize that two devices want to meet', async () => {
    const purposes: string[] = []
    const server = await startServer({ authorize: ({ purpose }) => purposes.push(purpose) > 0 })
    await register(server.port, id)
    expect(purposes).toEqual(['pair'])
  })

  it('is refused where it is switched off', async () => {
    const server = await startServer({ pairing: false })
    const guest = await connect(server.port, { id })
    expect(await guest.next()).toEqual({ type: 'ERROR', payload: { msg: 'Nobody can pair by this server' } })
    expect(await guest.ended).toEqual({ code: 4003, reason: 'pairing' })
  })

  it('introduces those who meet to each other, and to nobody else', async () => {
    const server = await startServer()
    const host = await register(server.port, id)
    const guest = await register(server.port, `${pairingPrefix}guest`)
    const other = await register(server.port, 'other')
    guest.send('OFFER', id, 'to the host')
    expect(await host.next()).toMatchObject({ type: 'OFFER', src: `${pairingPrefix}guest` })
    guest.send('OFFER', 'other')
    expect(await guest.next()).toMatchObject({ type: 'EXPIRE', src: 'other' })
    other.send('OFFER', id)
    expect(await other.next()).toMatchObject({ type: 'EXPIRE', src: id })
    guest.send('LEAVE', 'other')
    expect(await guest.caughtUp()).toEqual([])
    expect(await other.caughtUp()).toEqual([])
    expect(await host.caughtUp()).toEqual([])
  })

  it('lasts two minutes at most, whatever authorize says', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const authorize = () => ({ owner: 'somebody', expiresAt: Date.now() + 3_600_000 })
    const server = await startServer({ authorize, timeouts: { alive: 3_600_000 } })
    const host = await register(server.port, id)
    const other = await register(server.port, 'other')
    vi.setSystemTime(Date.now() + 119_000)
    expect(await host.caughtUp()).toEqual([])
    vi.setSystemTime(Date.now() + 1_000)
    expect(await host.ended).toEqual({ code: 4003, reason: 'unauthorized' })
    expect(await other.caughtUp()).toEqual([])
  })

  it('is refused after thirty times in a minute from one address, which is told to wait, and is no guess', async () => {
    const server = await startServer({ limits: { refusalsPerMinute: 1 } })
    for (let index = 0; index < 30; index += 1) await register(server.port, `${id}-${index}`)
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const late = await connect(server.port, { id })
      expect(await late.next()).toEqual({
        type: 'ERROR',
        payload: { msg: 'Too many pairings from this network; try again in a minute' },
      })
      expect(await late.ended).toEqual({ code: 1013, reason: 'pairing' })
    }
    await register(server.port, 'other')
  })
})

describe('pairing over IPv6', () => {
  it('is counted for a whole /64, which is what one household has', async () => {
    const server = await startServer({ limits: { pairingsPerMinute: 2 }, trustProxy: true })
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    const id = (name: string) => `${pairingPrefix}${name}`
    await register(server.port, id('1'), from('2001:db8:1::1'))
    await register(server.port, id('2'), from('2001:db8:1::2'))
    const late = await connect(server.port, { id: id('3'), ...from('2001:db8:1:0:9::3') })
    expect(await late.ended).toEqual({ code: 1013, reason: 'pairing' })
    await register(server.port, id('4'), from('2001:db8:1:1::1'))
  })
})

describe('jwtAuthorize', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256' }] }
  const seconds = () => Math.floor(Date.now() / 1000)
  const sign = (claims: object = {}, key = privateKey) =>
    new SignJWT({
      sub: 'alice',
      iss: 'login',
      aud: 'nanopeer',
      iat: seconds(),
      exp: seconds() + 600,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(key)
  const authorize = jwtAuthorize({ jwks, issuer: 'login', audience: 'nanopeer' })
  const ask = async (token: string, id = 'alice') =>
    authorize({ id, token, origin: undefined, address: '127.0.0.1', purpose: 'register' })

  it('admits a token for this id, in the name of its subject and until it ends', async () => {
    const exp = seconds() + 600
    expect(await ask(await sign({ exp }))).toEqual({ owner: '["login","alice"]', expiresAt: exp * 1000 })
  })

  it('admits a token whose claim lists the id', async () => {
    const listed = jwtAuthorize({ jwks, idClaim: 'devices' })
    const token = await sign({ devices: ['nas', 'tv'] })
    const request = { token, origin: undefined, address: '', purpose: 'register' } as const
    expect(await listed({ ...request, id: 'tv' })).toMatchObject({ owner: '["login","alice"]' })
    expect(await listed({ ...request, id: 'car' })).toBe(false)
  })

  it.each([
    ['another id', { sub: 'bob' }],
    ['another issuer', { iss: 'evil' }],
    ['another audience', { aud: 'mail' }],
    ['a time that is over', { exp: seconds() - 1 }],
    ['no end', { exp: undefined }],
    ['an issue over a minute ago', { iat: seconds() - 90 }],
    ['no time of issue', { iat: undefined }],
  ])('refuses a token with %s', async (_what, claims) => {
    expect(await ask(await sign(claims))).toBe(false)
  })

  it('refuses a signature by another key, no signature, and what is no token', async () => {
    const stranger = await generateKeyPair('ES256')
    expect(await ask(await sign({}, stranger.privateKey))).toBe(false)
    const [, body] = (await sign()).split('.')
    const none = Buffer.from('{"alg":"none"}').toString('base64url')
    expect(await ask(`${none}.${body}.`)).toBe(false)
    expect(await ask('token')).toBe(false)
  })

  it('rejects where the keys cannot be fetched, for that is no fault of the token', async () => {
    const unreachable = jwtAuthorize({ jwks: 'http://127.0.0.1:1/jwks.json' })
    const request = {
      id: 'alice',
      token: await sign(),
      origin: undefined,
      address: '',
      purpose: 'register',
    } as const
    await expect(unreachable(request)).rejects.toThrow()
  })

  it('rejects where the address has no keys, for that is no fault of the token either', async () => {
    const other = createServer((_request, response) => response.end('{"issuer":"login"}')).listen(
      0,
      '127.0.0.1',
    )
    onTestFinished(() => void other.close())
    await once(other, 'listening')
    const wrong = jwtAuthorize({ jwks: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` })
    const token = await sign()
    const request = { id: 'alice', token, origin: undefined, address: '', purpose: 'register' } as const
    await expect(wrong(request)).rejects.toThrow('malformed')
  })

  it('admits a token of a login server whose clock is ahead, and none from a minute ahead', async () => {
    expect(await ask(await sign({ iat: seconds() + 5, nbf: seconds() + 5 }))).toMatchObject({
      owner: '["login","alice"]',
    })
    expect(await ask(await sign({ iat: seconds() + 60 }))).toBe(false)
  })

  it('disconnects a client when its token ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    const server = await startServer({ authorize, timeouts: { alive: 3_600_000 } })
    const client = await register(server.port, 'alice', { token: await sign({ exp: seconds() + 600 }) })
    vi.setSystemTime(Date.now() + 599_000)
    expect(await client.caughtUp()).toEqual([])
    vi.setSystemTime(Date.now() + 1_000)
    expect(await client.ended).toEqual({ code: 4003, reason: 'unauthorized' })
  })
})

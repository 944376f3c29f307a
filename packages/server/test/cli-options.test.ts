import { describe, expect, it } from 'vitest'
import { readCliOptions, UsageError } from '../src/cli-options'

const read = (line: string, environment = {}) => readCliOptions(line.split(' ').filter(Boolean), environment)

describe('the command line', () => {
  it('understands the flags of PeerServer', () => {
    const line =
      '-p 9100 -H 127.0.0.1 --path /signal -k mine -t 4000 --alive_timeout 60000 -c 10 --allow_discovery --proxied --cors https://a.example --cors https://b.example'
    expect(read(line)?.server).toMatchObject({
      port: 9100,
      host: '127.0.0.1',
      path: '/signal',
      key: 'mine',
      timeouts: { expire: 4000, alive: 60_000 },
      limits: { clients: 10 },
      discovery: true,
      trustProxy: 1,
      origins: ['https://a.example', 'https://b.example'],
    })
  })

  it('takes dashes for underscores, and a number of proxies', () => {
    expect(read('--expire-timeout=4000 --proxied=2')?.server).toMatchObject({
      timeouts: { expire: 4000 },
      trustProxy: 2,
    })
    expect(read('--proxied 2 --concurrent-limit 7')?.server).toMatchObject({
      limits: { clients: 7 },
      trustProxy: 2,
    })
    expect(read('--proxied false')?.server).toMatchObject({ trustProxy: 0 })
  })

  it('reads the environment as PeerServer does', () => {
    expect(read('', { PORT: '9200', PEERSERVER_PATH: '/there' })?.server).toMatchObject({
      port: 9200,
      path: '/there',
    })
  })

  it('leaves defaults to the server', () => {
    expect(read('')).toEqual({
      logLevel: 'info',
      redis: [],
      drain: 10_000,
      server: {
        pairing: true,
        limits: {},
        timeouts: {},
        trustProxy: 0,
        operations: { port: 9001, host: '127.0.0.1' },
      },
    })
  })

  it('takes shards of Redis from flags, or one from the environment', () => {
    const environment = { REDIS_URL: 'redis://one' }
    expect(read('', environment)?.redis).toEqual(['redis://one'])
    expect(read('--redis redis://two --redis redis://three', environment)?.redis).toEqual([
      'redis://two',
      'redis://three',
    ])
  })

  it('makes authorize of a JWKS', () => {
    expect(read('--jwks https://login.example/jwks.json --issuer me --no-pairing')?.server).toMatchObject({
      authorize: expect.any(Function),
      pairing: false,
    })
  })

  it.each([
    ['--port nine', 'port is a whole number'],
    ['--nothing', "Unknown option '--nothing'"],
    ['--sslkey a.pem', 'TLS'],
    ['--issuer me', '--jwks is missing'],
    ['--log_level loud', '--log_level is one of'],
  ])('says what is wrong with %s', (line, message) => {
    expect(() => read(line)).toThrow(UsageError)
    expect(() => read(line)).toThrow(message)
  })

  it('is asked for help', () => {
    expect(read('--help')).toBe(null)
  })
})

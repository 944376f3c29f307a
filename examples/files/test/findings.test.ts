import type { Diagnosis } from '@nanopeer/core'
import { describe, expect, test } from 'vitest'
import { parseIceServers } from '../pages/shared/diagnosis'
import { sectionsOf, verdictOf } from '../pages/shared/findings'
import { formatMilliseconds } from '../pages/shared/format'

const host = { type: 'host', protocol: 'udp', address: 'fd00::1', port: 5000, ms: 2 } as const
const works = {
  url: 'stun:a',
  kind: 'stun',
  works: true,
  ms: 12,
  errorCode: null,
  errorText: null,
  explain: 'It tells us our outside address.',
} as const
const silent = { ...works, works: false, ms: null, errorCode: 701, errorText: 'STUN binding timed out.' }
const diagnosis: Diagnosis = {
  candidates: [host],
  nat: 'cone',
  servers: [works],
  relay: false,
  ms: 40,
  explain: 'Direct links work.',
}

test('servers are read line by line, with what a TURN server wants to know', () => {
  expect(parseIceServers('')).toEqual([])
  expect(parseIceServers(' stun:a:1 \n\n turn:b:2  user  pass word\r\n')).toEqual([
    { urls: 'stun:a:1' },
    { urls: 'turn:b:2', username: 'user', credential: 'pass word' },
  ])
})

test.each([
  [999.4, '999 ms'],
  [5123, '5.1 s'],
])('%d milliseconds are shown as %s', (ms, shown) => {
  expect(formatMilliseconds(ms)).toBe(shown)
})

describe('the verdict', () => {
  test('is good where direct links work and every server does', () => {
    expect(verdictOf(diagnosis)).toEqual({ tone: 'good', title: 'NAT: cone', text: 'Direct links work.' })
  })

  test('is good behind any NAT once something relays', () => {
    expect(verdictOf({ ...diagnosis, nat: 'symmetric', relay: true }).tone).toBe('good')
    expect(verdictOf({ ...diagnosis, nat: 'symmetric' }).tone).toBe('busy')
  })

  test('warns of a server that fails', () => {
    expect(verdictOf({ ...diagnosis, servers: [works, silent] }).tone).toBe('busy')
  })

  test('is bad without any address', () => {
    expect(verdictOf({ ...diagnosis, candidates: [] })).toMatchObject({ tone: 'bad', title: 'No network' })
  })
})

describe('what was found', () => {
  test('names every kind of candidate, also those that are missing', () => {
    const [candidates] = sectionsOf({ ...diagnosis, servers: [] })
    expect(candidates?.findings.map(({ name, figures }) => [name, figures])).toEqual([
      ['Host', '1 · first after 2 ms'],
      ['Server-reflexive', 'none'],
      ['Relay', 'none'],
    ])
    expect(candidates?.findings[0]?.addresses).toEqual(['[fd00::1]:5000 UDP'])
  })

  test('says the error of a server in short', () => {
    const refusing = { ...silent, errorCode: 401, errorText: 'Unauthorized.' }
    const [servers] = sectionsOf({ ...diagnosis, servers: [refusing] })
    expect(servers?.findings[0]).toMatchObject({ tone: 'bad', figures: 'error 401 · Unauthorized' })
  })

  test('keeps apart two servers with one address', () => {
    const [servers] = sectionsOf({ ...diagnosis, servers: [works, silent] })
    expect(servers?.findings.map(({ figures }) => figures)).toEqual(['works · 12 ms', 'error 701'])
    expect(new Set(servers?.findings.map(({ id }) => id)).size).toBe(2)
  })
})

import { describe, expect, test } from 'vitest'
import { errorMeaning } from '../../../src/engine/diagnose/error-codes'
import { explainDiagnosis } from '../../../src/engine/diagnose/explain'
import { parseCandidate, type RawCandidate } from '../../../src/engine/diagnose/gather'
import { natKind } from '../../../src/engine/diagnose/nat'
import { singleServers } from '../../../src/engine/diagnose/servers'

const candidate = (line: string): RawCandidate => parseCandidate(line, 0) as RawCandidate

const host = (address: string, port: number) => candidate(`candidate:1 1 udp 1 ${address} ${port} typ host`)
const reflexive = (port: number, base = '192.168.1.2 5000') => {
  const [address, basePort] = base.split(' ')
  return candidate(`candidate:2 1 udp 1 198.51.100.7 ${port} typ srflx raddr ${address} rport ${basePort}`)
}

describe('a candidate line', () => {
  test('is read in the spelling of every implementation', () => {
    expect(parseCandidate('a=candidate:1 1 UDP 2114977791 192.0.2.2 44426 typ host', 12.4)).toMatchObject({
      type: 'host',
      protocol: 'udp',
      address: '192.0.2.2',
      port: 44_426,
      ms: 12,
    })
    expect(
      parseCandidate(
        'candidate:842163049 1 udp 1677729535 198.51.100.7 61665 typ srflx raddr 192.168.1.2 rport 61665 generation 0',
        1,
      ),
    ).toMatchObject({ type: 'srflx', base: '192.168.1.2 61665', isHidden: false })
    expect(
      parseCandidate('candidate:1 1 udp 1 a-b.local 9 typ srflx raddr 0.0.0.0 rport 0', 1),
    ).toMatchObject({ address: 'a-b.local', isHidden: true })
    expect(parseCandidate('', 1)).toBeNull()
  })
})

describe('the kind of NAT', () => {
  const own = [host('192.168.1.2', 5000)]

  test('is open where the servers see our own address, listed again or not', () => {
    expect(natKind(own, 2)).toBe('open')
    expect(natKind([host('198.51.100.7', 5000), reflexive(5000, '198.51.100.7 5000')], 2)).toBe('open')
  })

  test('is cone where all servers see the same outside address', () => {
    expect(natKind([...own, reflexive(6000)], 2)).toBe('cone')
    expect(natKind([...own, reflexive(6000), reflexive(6000)], 2)).toBe('cone')
  })

  test('is symmetric where they see different ones for one socket', () => {
    expect(natKind([...own, reflexive(6000), reflexive(6001)], 2)).toBe('symmetric')
  })

  test('tells two sockets from two mappings of one', () => {
    const sockets = [...own, host('10.0.0.2', 7000)]
    expect(natKind([...sockets, reflexive(6000), reflexive(6001, '10.0.0.2 7000')], 2)).toBe('cone')
  })

  test('is told from what is left where the browser hides the sockets', () => {
    const hidden = (port: number, foundation: number) =>
      candidate(`candidate:${foundation} 1 udp 1 198.51.100.7 ${port} typ srflx raddr 0.0.0.0 rport 0`)
    const sockets = [host('a.local', 5000), host('b.local', 7000)]
    expect(natKind([...sockets, hidden(6000, 1), hidden(6001, 1)], 2)).toBe('symmetric')
    expect(natKind([...sockets, hidden(6000, 1), hidden(6001, 2)], 2)).toBe('cone')
    expect(natKind([host('a.local', 5000), hidden(6000, 1), hidden(6001, 2)], 2)).toBe('symmetric')
  })

  test('is unknown where fewer than two different servers answered', () => {
    expect(natKind([...own, reflexive(6000)], 1)).toBe('unknown')
    expect(natKind(own, 0)).toBe('unknown')
    expect(natKind([], 0)).toBe('unknown')
  })
})

describe('a list of servers', () => {
  test('is tried URL by URL, and counts as many destinations as a NAT sees', () => {
    const list = singleServers([
      { urls: ['stun:example.com', 'stun:example.com:3478', 'stun:example.com:3479'] },
      { urls: 'turn:example.com?transport=udp', username: 'u', credential: 'p' },
      { urls: 'turn:[2001:db8::1]:5000', username: 'u', credential: 'p' },
      { urls: 'turns:example.com:443', username: 'u', credential: 'p' },
      { urls: 'turn:example.com?transport=tcp', username: 'u', credential: 'p' },
    ])
    expect(list.map(({ kind }) => kind)).toEqual(['stun', 'stun', 'stun', 'turn', 'turn', 'turn', 'turn'])
    expect(list.map(({ destination }) => destination)).toEqual([
      'example.com 3478',
      'example.com 3478',
      'example.com 3479',
      'example.com 3478',
      '[2001:db8::1] 5000',
      null,
      null,
    ])
    expect(list[3]?.server).toEqual({
      urls: 'turn:example.com?transport=udp',
      username: 'u',
      credential: 'p',
    })
  })
})

describe('the explanation', () => {
  test('of an error code says what to do', () => {
    expect(errorMeaning(401, 'Unauthorized')).toContain('credential')
    expect(errorMeaning(486, null)).toContain('quota')
    expect(errorMeaning(701, 'STUN binding request timed out.')).toContain('did not answer')
    expect(errorMeaning(701, 'STUN host lookup received error.')).toContain('DNS')
    expect(errorMeaning(null, null)).toContain('did not answer')
    expect(errorMeaning(599, 'Odd')).toContain('599 (Odd)')
  })

  test('asks for a TURN server where only that can help', () => {
    const candidates = [host('192.168.1.2', 5000)]
    const said = explainDiagnosis({ candidates, nat: 'symmetric', servers: [], relay: false })
    expect(said).toContain('symmetric')
    expect(said).toContain('Add one to iceServers')
    expect(explainDiagnosis({ candidates, nat: 'symmetric', servers: [], relay: true })).toContain('relays')
    expect(explainDiagnosis({ candidates, nat: 'open', servers: [], relay: false })).not.toContain('TURN')
    expect(explainDiagnosis({ candidates: [], nat: 'unknown', servers: [], relay: false })).toContain(
      'blocks WebRTC',
    )
  })
})

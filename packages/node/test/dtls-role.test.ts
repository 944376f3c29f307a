import { RTCPeerConnection as Given } from 'node-datachannel/polyfill'
import { expect, onTestFinished, test } from 'vitest'
import { isOpen } from '../src/dtls-role'
import { standardPeerConnection } from '../src/peer-connection'

const RTCPeerConnection = standardPeerConnection(Given)

const open = () => {
  const connection = new RTCPeerConnection({ iceServers: [] })
  onTestFinished(() => connection.close())
  return connection
}

/** What a device in Node offers. */
const makeOffer = async (): Promise<RTCSessionDescriptionInit> => {
  const connection = open()
  connection.createDataChannel('any')
  const { sdp = '' } = await connection.createOffer()
  return { type: 'offer', sdp }
}

const candidateAt = (address: string, type = 'host'): RTCIceCandidateInit => ({
  candidate: `candidate:1 1 UDP 2114977791 ${address} 49103 typ ${type}`,
  sdpMid: '0',
})

/** The role that the answer takes, where this is the first candidate. */
const roleIn = async (offer: RTCSessionDescriptionInit, candidate: RTCIceCandidateInit | null) => {
  const connection = open()
  const set = connection.setRemoteDescription(offer)
  if (candidate) await connection.addIceCandidate(candidate)
  await set
  const { sdp } = await connection.createAnswer()
  return /a=setup:(\w+)/.exec(sdp ?? '')?.[1]
}

test('a device in Node that our check reaches at once speaks first, because our side connects first', async () => {
  expect(await roleIn(await makeOffer(), candidateAt('127.0.0.1'))).toBe('passive')
  expect(await roleIn(await makeOffer(), candidateAt('198.51.100.7'))).toBe('passive')
})

test('a device in Node behind a NAT is spoken to first, because its side connects first', async () => {
  expect(await roleIn(await makeOffer(), candidateAt('10.255.254.253'))).toBe('active')
})

test('an offer without candidates is answered all the same', async () => {
  expect(await roleIn(await makeOffer(), null)).toBe('active')
})

test('a browser is answered as RFC 8842 recommends, and at once', async () => {
  const { sdp = '' } = await makeOffer()
  const offer = { type: 'offer', sdp: sdp.replace('o=rtc ', 'o=- ') } as const
  expect(await roleIn(offer, candidateAt('127.0.0.1'))).toBe('active')
})

test('an offer that takes a role gets the other one', async () => {
  const { sdp = '' } = await makeOffer()
  const taking = (role: string) =>
    ({ type: 'offer', sdp: sdp.replace('setup:actpass', `setup:${role}`) }) as const
  expect(await roleIn(taking('passive'), candidateAt('127.0.0.1'))).toBe('active')
  expect(await roleIn(taking('active'), candidateAt('10.255.254.253'))).toBe('passive')
})

test('a description that cannot be read rejects where it is set, and the candidates that waited with it', async () => {
  const connection = open()
  const set = connection.setRemoteDescription({ type: 'offer', sdp: 'o=rtc \na=setup:actpass' })
  const added = connection.addIceCandidate(candidateAt('127.0.0.1'))
  await expect(set).rejects.toThrow()
  await expect(added).rejects.toThrow()
})

test('only a host that hears us without having spoken counts as open', () => {
  const opens = (address: string, type?: string) => isOpen(candidateAt(address, type))
  expect(opens('127.0.0.1')).toBe(true)
  expect(opens('::1')).toBe(true)
  expect(opens('198.51.100.7')).toBe(true)
  expect(opens('198.51.100.7', 'srflx')).toBe(false)
  expect(opens('100.64.0.1')).toBe(false)
  expect(opens('2001:db8::1')).toBe(false)
  expect(opens('2b1c4d6e-0000-4000-8000-000000000000.local')).toBe(false)
  expect(isOpen({ candidate: '' })).toBe(false)
})

test('two devices in Node connect, the one that was dialled as the DTLS server', async () => {
  const [dialler, dialled] = [open(), open()]
  const passOn = (from: typeof dialler, to: typeof dialler) =>
    from.addEventListener('icecandidate', (event) => {
      const { candidate } = event as unknown as RTCPeerConnectionIceEvent
      if (candidate) void to.addIceCandidate(candidate)
    })
  const channel = dialler.createDataChannel('any')
  const opened = new Promise((resolve) => channel.addEventListener('open', resolve))
  const { sdp } = await dialler.createOffer()
  const set = dialled.setRemoteDescription({ type: 'offer', sdp })
  // All that the role is made of; it leads nowhere.
  void dialled.addIceCandidate(candidateAt('127.0.0.1'))
  await set
  const answer = await dialled.createAnswer()
  await dialler.setRemoteDescription({ type: 'answer', sdp: answer.sdp })
  // Not before: docs/decisions/0046. What it gathered while nobody listened, too, which PeerJS passes on at once.
  for (const candidate of dialler.ext_localCandidates) void dialled.addIceCandidate(candidate)
  passOn(dialler, dialled)
  for (const candidate of dialled.ext_localCandidates) void dialler.addIceCandidate(candidate)
  passOn(dialled, dialler)
  await opened
  expect(answer.sdp).toContain('a=setup:passive')
})

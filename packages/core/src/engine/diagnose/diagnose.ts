import { checkIceServers, checkTime } from '../../base/check-options'
import { type Clock, systemClock } from '../../base/clock'
import type { DiagnoseEnvironment, DiagnoseOptions, Diagnosis } from '../../base/diagnosis'
import { NanopeerError } from '../../base/errors'
import { currentIceServers } from '../signalling/ice-servers'
import { explainDiagnosis } from './explain'
import { distinct, type Gathering, gather, type RawCandidate } from './gather'
import { natKind } from './nat'
import { checkServer, singleServers } from './servers'

/** Two hosts, because the kind of NAT shows in the difference. */
const defaultIceServers: readonly RTCIceServer[] = [
  { urls: ['stun:stun.l.google.com:19302', 'stun:stun1.l.google.com:19302'] },
]

/** Does what `diagnose` promises. */
export const run = async (
  { iceServers = defaultIceServers, timeout = 5_000 }: DiagnoseOptions,
  { clock = systemClock, askEach }: DiagnoseEnvironment,
): Promise<Diagnosis> => {
  if (typeof RTCPeerConnection === 'undefined') {
    throw new NanopeerError('UNSUPPORTED', 'There is no WebRTC here, so there is nothing to diagnose.')
  }
  checkTime('timeout', timeout, 1)
  if (typeof iceServers !== 'function') checkIceServers(iceServers)
  const started = clock.now()
  const list = singleServers(await currentIceServers(iceServers, clock))
  const servers = await Promise.all(list.map((server) => checkServer(server, { clock, timeout })))
  const working = list.filter((_, index) => servers[index]?.works)
  // One connection, so that all of them see the same sockets.
  const configurations: RTCConfiguration[] =
    askEach && working.length > 0
      ? working.map(({ server }) => ({ ...askEach, iceServers: [server] }))
      : [{ iceServers: working.map(({ server }) => server) }]
  const raw: RawCandidate[] = []
  for (const configuration of configurations) {
    const make = () => gather(configuration, { clock, timeout })
    const { candidates } = await whenMade(make, clock, askEach ? timeout : 0)
    raw.push(...candidates)
  }
  const destinations = new Set(working.flatMap(({ destination }) => destination ?? []))
  const nat = natKind(raw, destinations.size)
  const candidates = distinct(raw).map(({ type, protocol, address, port, ms }) => ({
    type,
    protocol,
    address,
    port,
    ms,
  }))
  const relay = candidates.some(({ type }) => type === 'relay')
  const known = { candidates, nat, servers, relay }
  return { ...known, ms: Math.round(clock.now() - started), explain: explainDiagnosis(known) }
}

/**
 * Tries for `patience` ms: a port that connections have one after the other is free some time after one of them was closed.
 * libdatachannel lets go of it in a thread of its own, and says nothing.
 */
const whenMade = async (
  make: () => Promise<Gathering>,
  clock: Clock,
  patience: number,
): Promise<Gathering> => {
  const end = clock.now() + patience
  for (;;) {
    try {
      return await make()
    } catch (error) {
      if (clock.now() >= end) {
        const reason = error instanceof Error ? error.message : String(error)
        const message = `The connection that asks the servers could not be made (${reason}).`
        throw new NanopeerError('NETWORK', message, { cause: error })
      }
      await new Promise<void>((resolve) => clock.after(10, resolve))
    }
  }
}

import { NanopeerError } from './errors'
import type { PeerOptions, ReconnectOptions } from './types'

const wrong = (name: string, value: unknown, right: string): NanopeerError => {
  const shown = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return new NanopeerError('INVALID_INPUT', `\`${name}\` must be ${right}, not ${shown}.`)
}

/**
 * Checks a time, in ms. `Infinity` is for ever.
 *
 * @param least the shortest that makes sense
 * @throws `NanopeerError` `INVALID_INPUT`, naming the option and the value.
 */
export const checkTime = (name: string, value: unknown, least = 0): void => {
  if (value === undefined) return
  if (typeof value === 'number' && value >= least) return
  throw wrong(name, value, `a number of milliseconds from ${least} on`)
}

/** Closer dials are no back-off: a remote that is away would be dialled without a pause. */
const shortestDelay = 10

/** @throws `NanopeerError` `INVALID_INPUT`, naming the option and the value. */
const checkReconnect = ({ minDelay, maxDelay, resumeTimeout }: ReconnectOptions): void => {
  checkTime('reconnect.minDelay', minDelay, shortestDelay)
  checkTime('reconnect.maxDelay', maxDelay, shortestDelay)
  checkTime('reconnect.resumeTimeout', resumeTimeout)
}

const isIceServer = (server: unknown): boolean => {
  const urls: unknown = typeof server === 'object' && server !== null && Reflect.get(server, 'urls')
  return typeof urls === 'string' || (Array.isArray(urls) && urls.every((url) => typeof url === 'string'))
}

/**
 * Checks a list of STUN and TURN servers, given or answered by a function.
 *
 * @throws `NanopeerError` `INVALID_INPUT`, naming the option and the value.
 */
export const checkIceServers = (value: unknown, name = 'iceServers'): void => {
  if (Array.isArray(value) && value.every(isIceServer)) return
  // What is wrong may hold credentials.
  const what = Array.isArray(value) ? 'a list with something else' : typeof value
  throw new NanopeerError('INVALID_INPUT', `\`${name}\` must be a list of { urls, … }, not ${what}.`)
}

/** @throws `NanopeerError` `INVALID_INPUT` for an option of another shape, naming it. */
export const checkPeerOptions = ({ iceServers, reconnect, server, accept }: PeerOptions): void => {
  if (reconnect) checkReconnect(reconnect)
  if (iceServers !== undefined && typeof iceServers !== 'function') checkIceServers(iceServers)
  for (const one of server === undefined ? [] : [server].flat()) {
    if (typeof one?.host !== 'string') throw wrong('server', one, 'an object with a `host`')
  }
  const isAccept =
    accept === undefined || accept === 'anyone' || typeof accept === 'function' || Array.isArray(accept)
  if (!isAccept) throw wrong('accept', accept, "'anyone', a list of ids or a function")
}

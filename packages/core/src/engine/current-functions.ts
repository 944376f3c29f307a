import type { ServerOptions, SignallingOptions } from '../base/transport'
import type { PeerHost } from '../engine'
import { serverAddress, serverName } from './signalling/server-address'

/**
 * What a peer joins by. A function among it is looked up whenever it is asked: a hook gives another one with each render, and a
 * join may last for hours.
 */
export const currentFunctions = (
  host: Pick<PeerHost, 'options' | 'latestServer'>,
): Pick<SignallingOptions, 'server' | 'iceServers'> => {
  const { server, iceServers } = host.options
  const withToken = (given: ServerOptions): ServerOptions => {
    const { token } = given
    if (typeof token !== 'function') return given
    const now = () => {
      const latest = [host.latestServer ?? []].flat().find((it) => isSame(it, given))?.token ?? token
      return typeof latest === 'function' ? latest() : latest
    }
    return { ...given, token: now }
  }
  const serversNow = () => {
    const { iceServers } = host.options
    return typeof iceServers === 'function' ? iceServers() : (iceServers ?? [])
  }
  return {
    server: server && ('map' in server ? server.map(withToken) : withToken(server)),
    iceServers: typeof iceServers === 'function' ? serversNow : iceServers,
  }
}

const isSame = (one: ServerOptions, other: ServerOptions): boolean =>
  serverName(serverAddress(one)) === serverName(serverAddress(other))

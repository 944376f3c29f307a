import type { IceServers, PeerOptions, ServerOptions } from '@nanopeer/core'

/** TURN credentials that are made on the spot and do not last. Source: draft-uberti-behave-turn-rest-00. */
export interface ExpiringTurn {
  readonly urls: string
  /** The secret of the TURN server; nobody but a lab would give it to a page. */
  readonly sharedSecret: string
  /** Seconds the credentials are good for. */
  readonly lifetime: number
}

/** What the lab tells an actor; plain data, because it goes to another process. */
export interface ActorSettings {
  readonly id: string
  readonly server: ServerOptions | readonly ServerOptions[]
  readonly iceServers: readonly RTCIceServer[] | ExpiringTurn
  readonly secret?: string
  /** Milliseconds that a session without a link is kept. @default nanopeer's own */
  readonly resumeTimeout?: number
}

/** What the actor's peer is created with. `asked` is called whenever ICE servers were asked for. */
export const peerOptions = (settings: ActorSettings, asked: () => void): PeerOptions => ({
  server: settings.server,
  iceServers: iceServersOf(settings.iceServers, asked),
  accept: 'anyone',
  ...(settings.secret !== undefined && { secret: settings.secret }),
  reconnect: { resumeTimeout: settings.resumeTimeout },
})

const iceServersOf = (given: ActorSettings['iceServers'], asked: () => void): IceServers => {
  if (!('sharedSecret' in given)) return given
  return async () => {
    asked()
    const username = `${Math.floor(Date.now() / 1000) + given.lifetime}:lab`
    return [{ urls: given.urls, username, credential: await credentialOf(given.sharedSecret, username) }]
  }
}

const credentialOf = async (sharedSecret: string, username: string): Promise<string> => {
  const encode = (text: string) => new TextEncoder().encode(text)
  const algorithm = { name: 'HMAC', hash: 'SHA-1' }
  const key = await crypto.subtle.importKey('raw', encode(sharedSecret), algorithm, false, ['sign'])
  const mac = await crypto.subtle.sign('HMAC', key, encode(username))
  return btoa(String.fromCharCode(...new Uint8Array(mac)))
}

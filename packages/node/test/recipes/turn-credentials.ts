import { createHmac } from 'node:crypto'

/** STUN and TURN for `lifetime` seconds. Only a server may know the secret. */
export function turnServers(sharedSecret: string, lifetime = 3600): RTCIceServer[] {
  const username = String(Math.floor(Date.now() / 1000) + lifetime)
  const credential = createHmac('sha1', sharedSecret).update(username).digest('base64')
  return [
    { urls: 'stun:turn.example.org:3478' },
    {
      urls: ['turn:turn.example.org:3478', 'turns:turn.example.org:5349?transport=tcp'],
      username,
      credential,
    },
  ]
}

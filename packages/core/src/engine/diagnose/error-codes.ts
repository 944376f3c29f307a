const meanings: Readonly<Record<number, string>> = {
  300: 'The server sends its users elsewhere (try alternate), and that one did not answer.',
  400: 'The server did not understand the request: it may not be a STUN or TURN server, or speak another version.',
  401: 'The server refused the user name or credential: they are wrong, expired, or made with another secret.',
  403: 'The server forbids this: its configuration does not allow this user or address.',
  420: 'The server does not know an attribute that the browser sends: it may be too old.',
  437: 'The server lost this allocation; trying again usually helps.',
  438: "The server's nonce was out of date; trying again usually helps.",
  440: 'The server has no addresses of this family (IPv4 or IPv6).',
  441: 'The credentials belong to another allocation: the user name changed in between.',
  442: 'The server does not relay this transport; most relay UDP only.',
  443: 'The server cannot relay to addresses of that family.',
  486: 'This user has all the allocations the server allows: wait, or raise the quota.',
  487: 'The server and the browser disagree who is in control; trying again usually helps.',
  500: 'The server failed; look at its log.',
  508: 'The server has no relay port left: give it a larger port range.',
}

/**
 * What an error code of a STUN or TURN server means, and what to do.
 *
 * Sources: https://www.iana.org/assignments/stun-parameters (300 to 599),
 * https://www.w3.org/TR/webrtc/#dom-rtcpeerconnectioniceerrorevent-errorcode (701).
 */
export const errorMeaning = (code: number | null, text: string | null): string => {
  if (code === null || code === 701) {
    const isName = text?.toLowerCase().includes('lookup')
    return isName
      ? 'The name of the server could not be resolved: check its spelling, and the DNS of this network.'
      : 'The server did not answer: it is down, its address or port is wrong, or a firewall drops its packets. ' +
          'Networks that block UDP need a TURN server over TCP or TLS (turns:…:443).'
  }
  return meanings[code] ?? `The server answered with the error ${code}${text ? ` (${text})` : ''}.`
}

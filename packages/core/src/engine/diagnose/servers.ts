import type { IceServerReport } from '../../base/diagnosis'
import { errorMeaning } from './error-codes'
import { type GatherOptions, gather } from './gather'

/** One URL of the list, with its credentials. */
export interface SingleServer {
  readonly url: string
  readonly kind: 'stun' | 'turn'
  readonly server: RTCIceServer
  /** Host and port that are sent UDP, which a NAT maps; null over TCP or TLS. */
  readonly destination: string | null
}

/** Source: https://www.rfc-editor.org/rfc/rfc7064#section-3.1 and https://www.rfc-editor.org/rfc/rfc7065#section-3.1 */
const destinationOf = (url: string): string | null => {
  const [, , host, port, transport] =
    /^(stun|turn):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(\w+))?$/i.exec(url) ?? []
  return host && transport !== 'tcp' ? `${host} ${port ?? 3478}` : null
}

/** Takes a list apart into its URLs. */
export const singleServers = (servers: readonly RTCIceServer[]): SingleServer[] =>
  servers.flatMap(({ urls, ...credentials }) =>
    [urls].flat().map((url) => ({
      url,
      kind: /^turns?:/i.test(url) ? ('turn' as const) : ('stun' as const),
      server: { urls: url, ...credentials },
      destination: destinationOf(url),
    })),
  )

/** Tries one server by itself, so that what is gathered, and what fails, is its doing. */
export const checkServer = async (
  { url, kind, server }: SingleServer,
  options: GatherOptions,
): Promise<IceServerReport> => {
  const wanted = kind === 'turn' ? 'relay' : 'srflx'
  try {
    const { candidates, errors, isComplete, ms } = await gather(
      { iceServers: [server], iceTransportPolicy: kind === 'turn' ? 'relay' : 'all' },
      { ...options, isEnough: ({ type }) => type === wanted },
    )
    const found = candidates.find(({ type }) => type === wanted)
    if (found) return works({ url, kind }, found.ms)
    // A STUN server that saw an address of our own adds no candidate: it answered, and there is no NAT.
    if (kind === 'stun' && isComplete && errors.length === 0 && candidates.length > 0) {
      return works({ url, kind }, ms)
    }
    const error = mostTelling(errors)
    return failed({ url, kind }, error?.code ?? null, error?.text || null)
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return {
      ...failed({ url, kind }, null, text),
      explain: `This is not a server the browser takes: ${text}`,
    }
  }
}

const works = (server: Pick<IceServerReport, 'url' | 'kind'>, ms: number): IceServerReport => ({
  ...server,
  works: true,
  ms,
  errorCode: null,
  errorText: null,
  explain: server.kind === 'turn' ? 'It relays for us.' : 'It tells us our outside address.',
})

const failed = (
  server: Pick<IceServerReport, 'url' | 'kind'>,
  errorCode: number | null,
  errorText: string | null,
): IceServerReport => ({
  ...server,
  works: false,
  ms: null,
  errorCode,
  errorText,
  explain: errorMeaning(errorCode, errorText),
})

/**
 * Of an address family that does not exist here comes a 701 as well, and of a STUN request Chromium tells only the
 * last two digits of the code: a whole code says the most, silence the least.
 */
const mostTelling = <E extends { readonly code: number }>(errors: readonly E[]): E | undefined =>
  errors.find(({ code }) => code >= 300 && code < 700) ?? errors.find(({ code }) => code !== 701) ?? errors[0]

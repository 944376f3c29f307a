/** What a client says in the URL of its WebSocket. Missing values are empty. */
export interface ConnectQuery {
  readonly id: string
  readonly token: string
  readonly key: string
}

/**
 * Reads `?key=…&id=…&token=…` as PeerJS writes it: without escaping anything. So a `+` is a plus and not a space, as
 * it would be to URLSearchParams, and a `%` that escapes nothing is itself.
 */
export const readConnectQuery = (url: string): ConnectQuery => {
  const values = new Map<string, string>()
  const start = url.indexOf('?')
  for (const pair of start < 0 ? [] : url.slice(start + 1).split('&')) {
    const separator = pair.indexOf('=')
    if (separator > 0) values.set(pair.slice(0, separator), unescaped(pair.slice(separator + 1)))
  }
  return { id: values.get('id') ?? '', token: values.get('token') ?? '', key: values.get('key') ?? '' }
}

const unescaped = (value: string): string => {
  try {
    return decodeURIComponent(value)
  } catch (error) {
    if (error instanceof URIError) return value
    throw error
  }
}

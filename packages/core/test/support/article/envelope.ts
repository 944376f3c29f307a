/** What travels between the two sides of an article-style wrapper: the request, and the same again as its answer. */
export interface Context {
  action: string
  request: { id: string; body: any; [extra: string]: unknown }
  response: {
    body: { code: number; data: any; message: string }
    headers?: { contentType?: string }
  }
}

/** The little of a PeerJS connection that such a wrapper uses. */
export interface Wire {
  send(value: unknown): void
  on(event: 'data', listener: (value: any) => void): unknown
}

export const octets = 'application/octet-stream'

import { v4 as uuid } from 'uuid'
import { type Context, octets, type Wire } from './envelope'

interface Pending {
  resolve(context: Context): void
  chunks: Uint8Array[]
}

/** The using side of an article-style wrapper, as small as it is usually written. */
export class ArticleClient {
  /** Parts of series by the id of their request, in the order in which they came. */
  readonly parts: string[] = []
  private readonly pending = new Map<string, Pending>()

  constructor(private readonly wire: Wire) {
    wire.on('data', (context: Context) => this.receive(context))
  }

  /** Resolves with the whole object as it came back; never, where the device never answers. */
  request(action: string, body?: unknown, extra: object = {}): Promise<Context> {
    const id = uuid()
    return new Promise((resolve) => {
      this.pending.set(id, { resolve, chunks: [] })
      const response = { body: { code: 200, data: undefined, message: '' } }
      this.wire.send({ action, request: { id, body, ...extra }, response })
    })
  }

  private receive(context: Context): void {
    const pending = this.pending.get(context.request?.id)
    if (!pending) return
    const { body, headers } = context.response
    if (headers?.contentType === octets) {
      const { type, chunk } = body.data as { type: string; chunk: ArrayBuffer }
      this.parts.push(type)
      if (type !== 'end') {
        pending.chunks.push(new Uint8Array(chunk))
        return
      }
      body.data = new Blob(pending.chunks as Uint8Array<ArrayBuffer>[]).stream()
    }
    this.pending.delete(context.request.id)
    pending.resolve(context)
  }
}

/** The bytes of an answer that was a series. */
export const readSeries = async (context: Context): Promise<Uint8Array> =>
  new Uint8Array(await new Response(context.response.body.data as ReadableStream).arrayBuffer())

import { type Context, octets, type Wire } from './envelope'

/** Sends one part of a series. */
export type SendPart = (type: 'start' | 'chunk' | 'end', chunk: Uint8Array) => void

export type ArticleHandler = (context: Context, part: SendPart) => unknown

/** The storage side of an article-style wrapper, as small as it is usually written. */
export class ArticleDevice {
  private readonly handlers = new Map<string, ArticleHandler>()

  constructor(private readonly wire: Wire) {
    wire.on('data', (context: Context) => void this.receive(context))
  }

  handle(action: string, handler: ArticleHandler): void {
    this.handlers.set(action, handler)
  }

  /** An unknown action goes back as it came; a handler that throws sends nothing at all. */
  private async receive(context: Context): Promise<void> {
    const handler = this.handlers.get(context.action)
    const part: SendPart = (type, chunk) => {
      context.response.headers = { contentType: octets }
      context.response.body.data = { type, chunk }
      this.wire.send(context)
    }
    try {
      await handler?.(context, part)
    } catch {
      return
    }
    this.wire.send(context)
  }
}

/** What arrives at the asker of a raw channel. */
export class RawReader {
  private readonly echoes = new Map<number, (value: unknown) => void>()
  private wanted: { left: number; arrived?: (bytes: number) => void; done(): void } | null = null
  private whenUploaded: (() => void) | null = null

  constructor(channel: RTCDataChannel) {
    channel.binaryType = 'arraybuffer'
    channel.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
      if (typeof data === 'string') this.text(data)
      else this.arrive(data.byteLength)
    }
  }

  /** The value that comes back under this number. */
  echoOf(id: number): Promise<unknown> {
    return new Promise((resolve) => this.echoes.set(id, resolve))
  }

  /** The next `size` bytes. */
  bytes(size: number, arrived?: (bytes: number) => void): Promise<void> {
    return new Promise((done) => {
      this.wanted = { left: size, arrived, done }
    })
  }

  /** The device has all of an upload. */
  uploaded(): Promise<void> {
    return new Promise((resolve) => {
      this.whenUploaded = resolve
    })
  }

  private text(data: string): void {
    if (data === 'uploaded') return this.whenUploaded?.()
    const { id, value } = JSON.parse(data) as { id: number; value: unknown }
    this.echoes.get(id)?.(value)
    this.echoes.delete(id)
  }

  private arrive(bytes: number): void {
    const { wanted } = this
    if (!wanted) return
    wanted.left -= bytes
    wanted.arrived?.(bytes)
    if (wanted.left > 0) return
    this.wanted = null
    wanted.done()
  }
}

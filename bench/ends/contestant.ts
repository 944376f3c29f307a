/** Where the two ends find each other, and what they agreed on. */
export interface Meeting {
  /** The device's id; new for every measurement, so that nothing of an earlier one is met again. */
  readonly deviceId: string
  readonly signalling: { readonly host: string; readonly port: number; readonly path: string }
  /** The WebSocket relay that stands in for signalling for contestants that do not speak PeerServer’s protocol. */
  readonly relay: string
  /** For the contestant that proves a secret. */
  readonly secret: string
  /** How bulk is sent by contestants that leave it to their user. */
  readonly bulk: BulkSettings
}

/** How much goes into one message, and how much the channel may hold, in bytes. */
export interface BulkSettings {
  readonly message: number
  readonly highWater: number
}

/** The end that answers. */
export interface Device {
  /** The id under which it can be paired with now, for the contestant that can; null while there is none. */
  rendezvous?(): string | null
  close(): Promise<void>
}

/** The end that asks. */
export interface Asker {
  /** A round trip of one small structured value. */
  echo(value: unknown): Promise<unknown>
  /** The device sends `size` bytes. Resolves when all have arrived; `arrived` hears of each piece. */
  download(size: number, arrived?: (bytes: number) => void): Promise<void>
  /** `size` bytes go to the device. Resolves when it has said that all have arrived. */
  upload(size: number): Promise<void>
  /** Reads no faster than `bytesPerSecond`, for contestants that can. */
  downloadSlowly?(size: number, bytesPerSecond: number): Promise<void>
  /** A round trip of bytes as they are, for the contestant that can do no better. */
  echoBytes?(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** Waits until the link is lost; returns the ms from then to the first answer, for contestants that go on. */
  resume?(): Promise<number>
  /** Waits until the device is gone, then for its first answer once it is back; returns when that was, epoch ms. */
  back?(): Promise<number>
  close(): Promise<void>
}

/** An asker's side before it has dialled, so that dialling alone can be timed. */
export interface Dialler {
  dial(): Promise<Asker>
  /** Gives up the dial under way; says how far it had come. For contestants of which some dials never end. */
  giveUp?(): string
  close(): Promise<void>
}

/** One way to talk to a device. Resolves when the end is ready to be dialled, or to dial. */
export interface Contestant {
  answer(meeting: Meeting): Promise<Device>
  ask(meeting: Meeting): Promise<Dialler>
}

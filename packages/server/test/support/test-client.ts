import { once } from 'node:events'
import { WebSocket } from 'ws'

/** A frame as a client reads it. */
export interface Frame {
  readonly type: string
  readonly src?: string
  readonly dst?: string
  readonly payload?: unknown
}

/** How a client's socket ended. */
export interface Ending {
  readonly code: number
  readonly reason: string
}

/** A PeerJS client as far as its socket goes, spoken by hand. */
export interface TestClient {
  readonly socket: WebSocket
  /** Every frame that came, in order. */
  readonly frames: readonly Frame[]
  /** Resolves when the socket is closed, by whomever. */
  readonly ended: Promise<Ending>
  /** The first frame that nobody has asked for yet. Rejects when the socket closes before it comes. */
  next(): Promise<Frame>
  send(type: string, dst?: string, payload?: unknown): void
  sendText(text: string): void
  /** Says something to itself and reads until that comes back: whatever was on its way before has arrived then. */
  caughtUp(): Promise<readonly Frame[]>
  close(): Promise<Ending>
}

/** What {@link connect} puts into the URL, as it is. */
export interface ConnectOptions {
  readonly id?: string
  readonly token?: string
  readonly key?: string
  readonly path?: string
  readonly headers?: Record<string, string>
}

/** Opens a socket to a server on this machine, and does not wait for OPEN. Rejects where the server refuses the upgrade. */
export const connect = async (port: number, options: ConnectOptions = {}): Promise<TestClient> => {
  const { id = 'someone', token = 'token', key = 'peerjs', path = '/', headers } = options
  const query = `key=${key}&id=${id}&token=${token}&version=1.5.5`
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}peerjs?${query}`, { headers })
  const client = createTestClient(socket)
  await once(socket, 'open')
  return client
}

/** Opens a socket and waits until the id is registered. */
export const register = async (
  port: number,
  id: string,
  options: Omit<ConnectOptions, 'id'> = {},
): Promise<TestClient> => {
  const client = await connect(port, { id, ...options })
  const { type } = await client.next()
  if (type !== 'OPEN') throw new Error(`The first frame was ${type}.`)
  return client
}

const createTestClient = (socket: WebSocket): TestClient => {
  const frames: Frame[] = []
  let read = 0
  let probes = 0
  let arrived = () => {}
  let ending: Ending | null = null
  socket.on('message', (data) => {
    frames.push(JSON.parse(data.toString()) as Frame)
    arrived()
  })
  const ended = new Promise<Ending>((resolve) => {
    socket.on('close', (code, reason) => {
      ending = { code, reason: reason.toString() }
      arrived()
      resolve(ending)
    })
  })
  // A refused upgrade rejects `once(socket, 'open')`, and a cut socket ends with 1006.
  socket.on('error', () => {})

  const client: TestClient = {
    socket,
    frames,
    ended,
    async next() {
      while (read === frames.length) {
        if (ending) throw new Error(`The socket closed with ${ending.code} ${ending.reason}.`)
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      }
      read += 1
      return frames[read - 1] as Frame
    },
    send: (type, dst, payload) => socket.send(JSON.stringify({ type, dst, payload })),
    sendText: (text) => socket.send(text),
    async caughtUp() {
      probes += 1
      const id = new URL(socket.url).searchParams.get('id') ?? ''
      client.send('LEAVE', id, { probe: probes })
      const before: Frame[] = []
      for (;;) {
        const frame = await client.next()
        if (frame.type === 'LEAVE' && (frame.payload as { probe?: number })?.probe === probes) return before
        before.push(frame)
      }
    },
    close() {
      socket.close()
      return ended
    },
  }
  return client
}

import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { silent } from '../src/logger'
import { printableLog } from '../src/printable-log'
import { patience } from './support/patience'
import { startServer } from './support/servers'
import { connect, register } from './support/test-client'

/** What a terminal would act upon, outside of the line's own end. */
const unprintable = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

const startLogged = async (authorize: () => Promise<boolean>) => {
  const lines: string[] = []
  const logger = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line.trimEnd()) })
  const server = await startServer({ authorize, logger })
  return { server, lines }
}

const evil = '\u009b2J\u009b31m\u202eevil\u2066\u001b[2J'

describe('the log', () => {
  it('has the words of a client on printable lines', async () => {
    const { server, lines } = await startLogged(async () => true)
    const client = await register(server.port, encodeURIComponent(evil))
    // A frame without a mask: ws fails the socket.
    const raw = (client.socket as unknown as { _socket: import('node:net').Socket })._socket
    raw.write(Buffer.from([0x81, 1, 65]))
    await client.ended
    const ofClients = () => lines.filter((line) => line.includes('evil'))
    await vi.waitUntil(() => ofClients().length === 2, patience)
    for (const line of ofClients()) expect(line).not.toMatch(unprintable)
  })

  it('has no more than 1024 characters of a text', () => {
    const debug = vi.fn()
    printableLog({ ...silent, debug }).debug({ id: 'x'.repeat(16_000), size: 3 }, 'A socket failed')
    expect(debug).toHaveBeenCalledWith({ id: `${'x'.repeat(1023)}…`, size: 3 }, 'A socket failed')
  })

  it('has of an error what it says, where, and why, on printable lines', async () => {
    const cause = Object.assign(new Error(`no route ${evil}`), { code: 'EHOSTUNREACH' })
    const { server, lines } = await startLogged(() =>
      Promise.reject(new TypeError(`no database ${evil}`, { cause })),
    )
    await (await connect(server.port)).ended
    const line = lines.find((each) => each.includes('authorize() failed')) ?? '{}'
    expect(line).not.toMatch(unprintable)
    const { error } = JSON.parse(line) as { error: Record<string, unknown> }
    expect(error).toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining('no database'),
      stack: expect.stringContaining('printable-log.test.ts'),
      cause: { message: expect.stringContaining('no route'), code: 'EHOSTUNREACH' },
    })
    expect(String(error.stack).replaceAll('\n', '')).not.toMatch(unprintable)
  })
})

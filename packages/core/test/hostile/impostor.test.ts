import { expect, test } from 'vitest'
import type { Transport } from '../../src/base/transport'
import type { PeerOptions, Remote } from '../../src/base/types'
import { createTestNetwork } from '../../testing'
import { createAlarmClock, hour } from '../support/alarm-clock'
import { memoryKnown, newIdentity } from '../support/identities'
import { open, until } from './cast'
import { diverting } from './diverting'

/** A page with a session and a request under way, whose next dials reach somebody else with another key under the device's id. */
const createScene = async () => {
  const { clock, ring } = createAlarmClock()
  const net = createTestNetwork({ clock })
  const { transport, state } = diverting(net.transport, 'nas', 'mallory')
  const [nasIdentity, identity] = await Promise.all([newIdentity(), newIdentity()])
  const start = (id: string, options: PeerOptions) =>
    open(id, { transport: net.transport, accept: 'anyone', ...options })

  const answers: ((answer: string) => void)[] = []
  const nas = await start('nas', { identity: nasIdentity })
  nas.handle('who', (_, { remote }) => remote)
  nas.handle('wait', () => new Promise((resolve) => answers.push(resolve)))

  /** What the impostor hears of the page: whom he may accept, and what is asked. */
  const heard: unknown[] = []
  const accept = (remote: Remote) => heard.push(remote) > 0
  const taken: Transport = {
    ...net.transport,
    join: (_id, options, events) => net.transport.join('mallory', options, events),
  }
  const impostor = await start('nas', { transport: taken, identity: await newIdentity(), accept })
  for (const action of ['who', 'wait']) impostor.handle(action, (input) => heard.push(input))

  const failures: string[] = []
  const laptop = await start('laptop', {
    transport,
    identity,
    known: memoryKnown(),
    reconnect: { minDelay: 20, maxDelay: 40, resumeTimeout: hour },
    onEvent: (event) => event.type === 'dial-failed' && failures.push(event.code),
  })
  const connection = laptop.connect('nas')
  await connection.request('who')
  const waiting = connection.request('wait')
  await until(() => answers.length > 0, 'the device to have heard the request')
  state.dials = Number.POSITIVE_INFINITY
  net.cut('laptop', 'nas')
  net.heal('laptop', 'nas')
  return { connection, waiting, heard, failures, answers, state, ring, key: identity.key }
}

test('who answers a redial with another key hears no request, and all of them wait for the device', async () => {
  const { connection, waiting, heard, failures, answers, state, key } = await createScene()
  const asked = connection.request('who')
  await until(() => failures.length > 0, 'the impostor to have answered')
  expect(failures).toContain('CONNECTION_LOST')
  state.dials = 0
  expect(await asked).toMatchObject({ id: 'laptop', key })
  answers[0]?.('here')
  expect(await waiting).toBe('here')
  expect(connection.$stats.get().links).toBe(2)
  expect(heard).toEqual([])
})

test('where he stays the session is given up after its time, the requests say why, and the next dial shows both keys', async () => {
  const { connection, waiting, heard, failures, ring } = await createScene()
  await until(() => failures.length > 0, 'the impostor to have answered')
  ring()
  const lost = await waiting.catch((error: unknown) => error)
  expect(lost).toMatchObject({
    code: 'CONNECTION_LOST',
    cause: { code: 'CONNECTION_LOST', cause: { code: 'KEY_CHANGED' } },
  })
  await expect(connection.request('who')).rejects.toMatchObject({ code: 'KEY_CHANGED' })
  expect(heard).toEqual([])
})

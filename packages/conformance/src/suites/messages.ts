import { type Connection, message, sendMessage } from '@nanopeer/core'
import { expect, test } from 'vitest'
import { startDevice } from '../device'
import type { Hooks } from '../harness'
import { eventually, type Stage, turns } from './support'

interface Props {
  readonly connection: Connection | null
  readonly name: string
}

const chat = message<{ text: string }>('chat')

/** What `useMessages` does. */
export function messagesSuite(stage: () => Stage): void {
  /** A connection, and the device's end of it. */
  const connect = async () => {
    const { world, mount } = stage()
    const device = await startDevice(world)
    const peer = await world.peer({ accept: 'anyone' })
    const connection = peer.connect(device.id, world.dialling)
    await eventually(() => device.peer.$connections.value?.[0]?.$status.value?.state, 'open')
    const [remote] = device.peer.$connections.value ?? []
    return { mount, connection, remote: remote as Connection }
  }

  const hearing = (heard: string[]) => ({
    setup: (hooks: Hooks, props: () => Props) => {
      const rendered = props()
      const nameNow = () => (hooks.rendersAnew ? rendered.name : props().name)
      hooks.useMessages<{ text: string }>(() => [
        props().connection,
        chat,
        ({ text }) => heard.push(`${nameNow()} ${text}`),
      ])
      hooks.useMessages(() => [
        props().connection,
        (value: unknown) => heard.push(`${nameNow()} any ${value}`),
      ])
    },
    text: () => 'listening',
  })

  test('messages are heard while mounted, by name or without, with the newest closure', async () => {
    const { mount, connection, remote } = await connect()
    const heard: string[] = []
    const mounted = mount(hearing(heard), { connection, name: 'one' } as Props)
    await sendMessage(remote, chat, { text: 'hello' })
    await eventually(() => heard, ['one hello'])
    await remote.send('plain')
    await eventually(() => heard, ['one hello', 'one any plain'])
    mounted.update({ connection, name: 'other' })
    await turns()
    await sendMessage(remote, chat, { text: 'again' })
    await eventually(() => heard.at(-1), 'other again')
    mounted.unmount()
    await sendMessage(remote, chat, { text: 'late' })
    await turns()
    expect(heard).toHaveLength(3)
  })

  test('messages that came before are heard by all that listen in the same turn, once and in order', async () => {
    const { mount, connection, remote } = await connect()
    const heard: string[] = []
    const release = connection.onMessage(() => heard.push('wrong'))
    await sendMessage(remote, chat, { text: 'one' })
    await sendMessage(remote, chat, { text: 'two' })
    await turns()
    release()
    mount(hearing(heard), { connection: null, name: 'none' } as Props)
    mount(hearing(heard), { connection, name: 'left' } as Props)
    mount(hearing(heard), { connection, name: 'right' } as Props)
    await eventually(() => [...heard].sort(), ['left one', 'left two', 'right one', 'right two'])
    expect(heard.filter((line) => line.startsWith('left'))).toEqual(['left one', 'left two'])
  })
}

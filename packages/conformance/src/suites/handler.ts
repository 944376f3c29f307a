import { getPeer, type Peer } from '@nanopeer/core'
import { expect, test } from 'vitest'
import { title } from '../actions'
import type { Hooks } from '../harness'
import { eventually, open, type Stage } from './support'

interface Props {
  readonly peer: Peer | null
  readonly answer: string
}

/** What `useHandler` does. */
export function handlerSuite(stage: () => Stage): void {
  const answering = (ran: string[] = []) => ({
    setup: (hooks: Hooks, props: () => Props) => {
      // What a closure of this render sees: in frameworks that run a body once, what is read when it runs.
      const rendered = props()
      hooks.useHandler(() => [
        props().peer,
        title,
        () => {
          const { answer } = hooks.rendersAnew ? rendered : props()
          ran.push(answer)
          return answer
        },
      ])
    },
    text: () => 'answering',
  })

  const serve = async () => {
    const { world, mount } = stage()
    const peer = getPeer(world.id('tablet'), { ...world.options, accept: 'anyone' })
    const asker = await world.peer()
    const connection = asker.connect(peer.id)
    /** Both ends are there: the peer is open, and the connection to it. */
    const meet = async () => {
      await eventually(() => peer.$status.value?.state, 'open')
      await open(connection)
    }
    const ask = () =>
      connection.request(title).then(
        (answer) => answer,
        (error) => error.code,
      )
    return { mount, peer, meet, ask }
  }

  test('a handler answers while mounted, and no longer', async () => {
    const { mount, peer, meet, ask } = await serve()
    const release = peer.$status.listen(() => {})
    const mounted = mount(answering(), { peer, answer: 'one' } as Props)
    await meet()
    expect(await ask()).toBe('one')
    mounted.unmount()
    await eventually(ask, 'UNKNOWN_ACTION')
    release()
  })

  test('one handler runs, and it holds its peer', async () => {
    const { mount, peer, meet, ask } = await serve()
    const ran: string[] = []
    mount(answering(ran), { peer, answer: 'one' } as Props)
    await meet()
    expect(await ask()).toBe('one')
    expect(ran).toEqual(['one'])
  })

  test('a handler answers with the newest closure', async () => {
    const { mount, peer, meet, ask } = await serve()
    const mounted = mount(answering(), { peer, answer: 'one' } as Props)
    await meet()
    expect(await ask()).toBe('one')
    mounted.update({ peer, answer: 'other' })
    await eventually(ask, 'other')
  })

  test('a handler of no peer yet answers nothing, and then answers', async () => {
    const { mount, peer, meet, ask } = await serve()
    const mounted = mount(answering(), { peer: null, answer: 'one' } as Props)
    expect(peer.$status.value?.state).toBe('idle')
    mounted.update({ peer, answer: 'one' })
    await meet()
    expect(await ask()).toBe('one')
  })
}

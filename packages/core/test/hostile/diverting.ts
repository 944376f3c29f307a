import type { Link, Transport } from '../../src/base/transport'

/** A transport whose signalling server is hostile: it takes as many dials to one id as it is told to another one. */
export const diverting = (transport: Transport, id: string, to: string) => {
  const state = { dials: 0 }
  const named = (link: Link): Link =>
    new Proxy(link, {
      get(target, key) {
        if (key === 'remoteId') return id
        const value = Reflect.get(target, key, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
      set: (target, key, value) => Reflect.set(target, key, value),
    })
  return {
    state,
    transport: {
      ...transport,
      join: (ownId, options, events) => {
        const signalling = transport.join(ownId, options, events)
        return {
          dial: async (remoteId, given) => {
            const isDiverted = remoteId === id && state.dials-- > 0
            const link = await signalling.dial(isDiverted ? to : remoteId, given)
            return isDiverted ? named(link) : link
          },
          dialPlain: (remoteId, given) => signalling.dialPlain(remoteId, given),
          retry: () => signalling.retry(),
          leave: () => signalling.leave(),
        }
      },
    } satisfies Transport,
  }
}

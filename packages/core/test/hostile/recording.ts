import type { Transport } from '../../src/base/transport'

/** A transport that writes down what is sent on the links that it dials. */
export const recording = (transport: Transport): { transport: Transport; recorded: Uint8Array[] } => {
  const recorded: Uint8Array[] = []
  const join: Transport['join'] = (id, options, events) => {
    const signalling = transport.join(id, options, events)
    return {
      async dial(...given) {
        const link = await signalling.dial(...given)
        const send = link.send.bind(link)
        link.send = (message) => {
          recorded.push(message.slice())
          send(message)
        }
        return link
      },
      dialPlain: (...given) => signalling.dialPlain(...given),
      retry: () => signalling.retry(),
      leave: () => signalling.leave(),
    }
  }
  return { transport: { ...transport, join }, recorded }
}

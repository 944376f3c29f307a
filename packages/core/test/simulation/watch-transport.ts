import type { Link, Transport } from '../../src/base/transport'

/** A transport whose links are looked at after every message that is handed to them. */
export const watchTransport = (transport: Transport, look: (link: Link) => void): Transport => {
  const watched = (link: Link): Link => {
    const send = link.send.bind(link)
    link.send = (message) => {
      send(message)
      look(link)
    }
    return link
  }
  return {
    ...transport,
    join(id, options, events) {
      const signalling = transport.join(id, options, {
        ...events,
        link: (link, standing) => events.link(watched(link), standing),
      })
      const dial = signalling.dial.bind(signalling)
      signalling.dial = async (remoteId, given) => watched(await dial(remoteId, given))
      return signalling
    },
  }
}

import type { Link, PlainChannel, SignallingEvents, Transport } from '../../src/base/transport'

/** Mallory's links reach the others under somebody else's name: the signalling server is Mallory's, too. */
export const renaming = (transport: Transport, names: Record<string, string>): Transport => ({
  ...transport,
  join: (id, options, events: SignallingEvents) =>
    transport.join(id, options, {
      ...events,
      link: (link, standing) => events.link(named(link, names), standing),
      plain: (channel, standing) => events.plain(named(channel, names), standing),
    }),
})

const named = <Channel extends Link | PlainChannel>(
  channel: Channel,
  names: Record<string, string>,
): Channel => {
  const remoteId = names[channel.remoteId] ?? channel.remoteId
  return new Proxy(channel, {
    get: (target, key) => read(target, key, remoteId),
    set: (target, key, value) => Reflect.set(target, key, value),
  })
}

const read = (link: Link | PlainChannel, key: string | symbol, remoteId: string): unknown => {
  if (key === 'remoteId') return remoteId
  const value = Reflect.get(link, key, link)
  return typeof value === 'function' ? value.bind(link) : value
}

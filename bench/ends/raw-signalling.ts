import type { Meeting } from './contestant'
import { connectRelay } from './relay-client'

type Signal =
  | { readonly description: RTCSessionDescriptionInit }
  | { readonly candidate: RTCIceCandidateInit }

const configuration: RTCConfiguration = { iceServers: [] }

/** Answers every dial that comes over the relay. Returns its undo, which closes what it answered. */
export async function acceptRaw(
  { relay, deviceId }: Meeting,
  opened: (channel: RTCDataChannel) => void,
): Promise<() => void> {
  const client = await connectRelay(relay)
  const connections: RTCPeerConnection[] = []
  await client.follow(deviceId, async (dialler) => {
    const connection = new RTCPeerConnection(configuration)
    connections.push(connection)
    connection.ondatachannel = ({ channel }) => {
      if (channel.readyState === 'open') opened(channel)
      else channel.onopen = () => opened(channel)
    }
    const signal = exchange(connection, (text) => client.publish(`${dialler}/asker`, text))
    await client.follow(`${dialler}/device`, signal)
    client.publish(`${dialler}/asker`, 'ready')
  })
  return () => {
    for (const connection of connections) connection.close()
    client.close()
  }
}

/** Dials the device and waits until the channel is open. */
export async function dialRaw({
  relay,
  deviceId,
}: Meeting): Promise<{ channel: RTCDataChannel; close(): void }> {
  const client = await connectRelay(relay)
  const name = crypto.randomUUID()
  const connection = new RTCPeerConnection(configuration)
  const channel = connection.createDataChannel('raw')
  const signal = exchange(connection, (text) => client.publish(`${name}/device`, text))
  await new Promise<void>((resolve) => {
    void client.follow(`${name}/asker`, (text) => (text === 'ready' ? resolve() : signal(text)))
    client.publish(deviceId, name)
  })
  const opened = new Promise((resolve, reject) => {
    channel.onopen = resolve
    channel.onerror = reject
  })
  await connection.setLocalDescription()
  client.publish(`${name}/device`, JSON.stringify({ description: connection.localDescription }))
  await opened
  client.close()
  return { channel, close: () => connection.close() }
}

/** Wires a connection to the relay; returns what hears the other side's signals, one after the other. */
function exchange(connection: RTCPeerConnection, send: (text: string) => void): (text: string) => void {
  connection.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) send(JSON.stringify({ candidate }))
  }
  let last: Promise<void> = Promise.resolve()
  return (text) => {
    last = last.then(async () => {
      const signal = JSON.parse(text) as Signal
      if ('candidate' in signal) return connection.addIceCandidate(signal.candidate)
      await connection.setRemoteDescription(signal.description)
      if (signal.description.type !== 'offer') return
      await connection.setLocalDescription()
      send(JSON.stringify({ description: connection.localDescription }))
    })
  }
}

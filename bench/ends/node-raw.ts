/** A hand-written device on node-datachannel's own API, without the layer that makes it look like a browser's. */
import { type DataChannel, PeerConnection } from 'node-datachannel'
import type { BulkSettings, Contestant } from './contestant'
import { pieces } from './payload'
import { connectRelay } from './relay-client'

type Order =
  | { readonly order: 'download'; readonly size: number }
  | { readonly id: number; readonly value: unknown }

type Signal =
  | { readonly description: RTCSessionDescriptionInit }
  | { readonly candidate: RTCIceCandidateInit }

async function write(
  channel: DataChannel,
  size: number,
  { message, highWater }: BulkSettings,
): Promise<void> {
  let wake = () => {}
  channel.setBufferedAmountLowThreshold(highWater / 2)
  channel.onBufferedAmountLow(() => wake())
  for (const piece of pieces(size, message)) {
    while (channel.bufferedAmount() + piece.length > highWater && channel.bufferedAmount() > 0) {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
    channel.sendMessageBinary(piece)
  }
}

function answerOn(channel: DataChannel, bulk: BulkSettings): void {
  channel.onMessage((data) => {
    if (typeof data !== 'string') return void channel.sendMessageBinary(new Uint8Array(data))
    const order = JSON.parse(data) as Order
    if ('order' in order) void write(channel, order.size, bulk)
    else channel.sendMessage(data)
  })
}

/** Only answers: in a Node process nothing else is measured. */
export const nodeRaw: Contestant = {
  async answer({ relay, deviceId, bulk }) {
    const client = await connectRelay(relay)
    const connections: PeerConnection[] = []
    await client.follow(deviceId, async (dialler) => {
      const connection = new PeerConnection(dialler, { iceServers: [], maxMessageSize: 256 * 1024 })
      connections.push(connection)
      const send = (signal: Signal) => client.publish(`${dialler}/asker`, JSON.stringify(signal))
      connection.onLocalDescription((sdp, type) => send({ description: { sdp, type: type as RTCSdpType } }))
      connection.onLocalCandidate((candidate, sdpMid) => send({ candidate: { candidate, sdpMid } }))
      connection.onDataChannel((channel) => answerOn(channel, bulk))
      await client.follow(`${dialler}/device`, (text) => {
        const signal = JSON.parse(text) as Signal
        if ('candidate' in signal) {
          connection.addRemoteCandidate(signal.candidate.candidate ?? '', signal.candidate.sdpMid ?? '0')
        } else connection.setRemoteDescription(signal.description.sdp ?? '', signal.description.type as never)
      })
      client.publish(`${dialler}/asker`, 'ready')
    })
    return {
      async close() {
        for (const connection of connections) connection.close()
        client.close()
      },
    }
  },
  ask: () => Promise.reject(new Error('The raw Node end only answers.')),
}

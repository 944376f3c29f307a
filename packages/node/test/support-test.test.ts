import { RTCPeerConnection as Given } from 'node-datachannel/polyfill'
import { expect, onTestFinished, test } from 'vitest'
import { standardPeerConnection } from '../src/peer-connection'

const open = (label: string) => {
  const RTCPeerConnection = standardPeerConnection(Given)
  const connection = new RTCPeerConnection({ iceServers: [] })
  onTestFinished(() => connection.close())
  return { connection, channel: connection.createDataChannel(label) }
}

test("PeerJS's test of what is supported asks no server for an address", async () => {
  const tested = open('_PEERJSTEST')
  const other = open('any')
  await expect.poll(() => other.connection.iceGatheringState).toBe('complete')
  expect(tested.connection.iceGatheringState).toBe('new')
  expect(tested.channel.ordered).toBe(true)
})

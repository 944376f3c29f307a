import { tabId } from '@nanopeer/core'
import { useConnection, usePeer, useStore } from '@nanopeer/react'
import { deviceId } from '../../shared/device-id'
import { peerOptions } from '../shared/config'
import { $isPaired, notPaired, turnedAway } from '../shared/paired'
import { App } from './App'
import { Pair } from './Pair'

/** Lets in whoever is paired with the device, and tells all others how to be. */
export function Door() {
  const { peer } = usePeer(tabId(), peerOptions)
  const isPaired = useStore($isPaired)
  const { error, reconnect } = useConnection(peer, isPaired ? deviceId : null)
  const away = turnedAway(error)

  if (isPaired === null) return null
  if (isPaired && !away) return <App />
  return <Pair peer={peer} words={away ?? notPaired} onPaired={reconnect} />
}

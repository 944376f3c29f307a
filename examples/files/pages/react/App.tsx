import { tabId } from '@nanopeer/core'
import { useConnection, usePeer } from '@nanopeer/react'
import { deviceId } from '../../shared/device-id'
import { peerOptions } from '../shared/config'
import { Board } from './Board'
import { Camera } from './Camera'
import { DeviceLog } from './DeviceLog'
import { Diagnose } from './Diagnose'
import { Folder } from './Folder'
import { Top } from './Top'

/** One page: this tab as a peer, and its connection to the device. */
export function App() {
  const { peer } = usePeer(tabId(), peerOptions)
  const { connection } = useConnection(peer, deviceId)

  return (
    <div className="page">
      <Top peer={peer} connection={connection} />
      <main className="columns">
        <div className="column">
          <Folder connection={connection} />
          <Diagnose />
        </div>
        <div className="column">
          <Board peer={peer} connection={connection} />
          <Camera peer={peer} />
          <DeviceLog connection={connection} />
        </div>
      </main>
    </div>
  )
}

import { type ServerOptions, tabId } from '@nanopeer/core'
import { useConnection, usePeer, useRemoteStore } from '@nanopeer/react'
import { peerOptions } from '../peer-options'
import { settings } from '../settings'

export default function ReactThermostat({ server }: { server: ServerOptions }) {
  const { peer, status } = usePeer(tabId(), peerOptions(server))
  const { connection, status: nas } = useConnection(peer, 'nas')
  const { value, error, isStale, setKey } = useRemoteStore(connection, settings)

  return (
    <section aria-label="React">
      <p role="status">
        network {status}, nas {nas}
      </p>
      {!value && <p>Loading …</p>}
      {value && (
        <label>
          React, {value.target} °C
          <input
            type="range"
            min={15}
            max={30}
            value={value.target}
            onChange={({ target }) => setKey('target', target.valueAsNumber)}
          />
        </label>
      )}
      {isStale && <small>as it was last</small>}
      {error && <p role="alert">{error.message}</p>}
    </section>
  )
}

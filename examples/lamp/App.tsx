import { tabId } from '@nanopeer/core'
import { useConnection, usePeer } from '@nanopeer/react'
import { useState } from 'react'
import { LampSwitch } from './LampSwitch'
import { options } from './options'
import { PairForm } from './PairForm'

export function App({ isKnown, code }: { isKnown: boolean; code: string }) {
  const { peer } = usePeer(tabId(), options)
  const [isPaired, setPaired] = useState(isKnown)
  const { connection, status, error, reconnect } = useConnection(peer, isPaired ? 'lamp' : null)
  const isLetIn = isPaired && error?.code !== 'REFUSED' && error?.code !== 'KEY_CHANGED'

  const enter = () => {
    setPaired(true)
    reconnect()
  }

  return (
    <main>
      <h1>Lamp</h1>
      {isPaired && <p role="status">{status}</p>}
      {error && <p role="alert">{error.message}</p>}
      {isLetIn ? (
        <LampSwitch connection={connection} />
      ) : (
        <PairForm peer={peer} given={code} onPaired={enter} />
      )}
    </main>
  )
}

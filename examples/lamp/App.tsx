import { tabId } from '@nanopeer/core'
import { useConnection, usePeer } from '@nanopeer/react'
import { useState } from 'react'
import { LampSwitch } from './LampSwitch'
import { options } from './options'
import { PairForm } from './PairForm'

/** What whoever has the phone can do about it; anything else says so itself. */
const advice: Record<string, string> = {
  REFUSED: 'The lamp does not let this phone in any more. It can be paired again.',
  KEY_CHANGED: 'This is not the lamp that was paired, or it was set up anew. Then pair it again.',
}

export function App({ isKnown, code }: { isKnown: boolean; code: string }) {
  const { peer } = usePeer(tabId(), options)
  const [isPaired, setPaired] = useState(isKnown)
  const { connection, status, error, reconnect } = useConnection(peer, isPaired ? 'lamp' : null)
  const told = error && advice[error.code]

  const enter = () => {
    setPaired(true)
    reconnect()
  }

  return (
    <main>
      <h1>Lamp</h1>
      {isPaired && <p role="status">{status}</p>}
      {error && <p role="alert">{told ?? error.message}</p>}
      {isPaired && !told ? (
        <LampSwitch connection={connection} />
      ) : (
        <PairForm peer={peer} given={code} onPaired={enter} />
      )}
    </main>
  )
}

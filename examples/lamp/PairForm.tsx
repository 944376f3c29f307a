import type { Peer } from '@nanopeer/core'
import { useJoin } from '@nanopeer/react'
import { useState } from 'react'

interface PairFormProps {
  peer: Peer | null
  /** The code that came with the link. */
  given: string
  onPaired: () => void
}

export function PairForm({ peer, given, onPaired }: PairFormProps) {
  const { status, error, join, replace, cancel } = useJoin(peer)
  const [code, setCode] = useState(given)

  if (status === 'paired') {
    return (
      <button type="button" onClick={onPaired}>
        Paired. To the lamp
      </button>
    )
  }
  if (status === 'asking') {
    return (
      <p>
        The lamp has another key than before. Was it set up anew?{' '}
        <button type="button" onClick={replace}>
          Yes
        </button>{' '}
        <button type="button" onClick={cancel}>
          No
        </button>
      </p>
    )
  }
  return (
    <form action={() => join(code)}>
      <label>
        The code that the lamp shows{' '}
        <input value={code} onChange={({ target }) => setCode(target.value)} autoCapitalize="off" />
      </label>{' '}
      <button type="submit" disabled={status === 'starting'}>
        Pair
      </button>
      {error && <p role="alert">{error.message}</p>}
    </form>
  )
}

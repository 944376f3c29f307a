import type { Peer } from '@nanopeer/core'
import { useJoin } from '@nanopeer/react'
import { type SubmitEvent, useEffect, useId, useState } from 'react'
import { takeInvitation } from '../shared/invitation'
import { lookWhetherPaired, type Words } from '../shared/paired'

interface PairProps {
  peer: Peer | null
  words: Words
  onPaired: () => void
}

/** Pairs this browser with the device, by the code that somebody types. */
export function Pair({ peer, words, onPaired }: PairProps) {
  const id = useId()
  const { status, remote, error, join, replace, cancel } = useJoin(peer)
  const [code, setCode] = useState(takeInvitation)

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each pairing, whoever hears of it
  useEffect(() => {
    if (status === 'paired') void lookWhetherPaired().then(onPaired)
  }, [status])

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    join(code)
  }

  return (
    <main className="door">
      <form className="card field" onSubmit={submit}>
        <h1>{words.title}</h1>
        <p>{words.text}</p>
        <label htmlFor={id}>Code</label>
        <input
          id={id}
          value={code}
          onChange={({ target }) => setCode(target.value)}
          placeholder="482913-apple-tower"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
        {status === 'asking' ? (
          <div className="notice" role="alert">
            <p>“{remote.id}” has another key than the one that this browser knows. Was it set up anew?</p>
            <button type="button" onClick={replace}>
              Yes, take the new key
            </button>
            <button type="button" className="plain" onClick={cancel}>
              No, keep the old one
            </button>
          </div>
        ) : (
          <div className="choice">
            <button type="submit" disabled={status === 'starting' || code.trim() === ''}>
              {status === 'starting' ? 'Pairing …' : 'Pair'}
            </button>
          </div>
        )}
        {error && (
          <p className="problem" role="alert">
            {error.message}
          </p>
        )}
      </form>
    </main>
  )
}

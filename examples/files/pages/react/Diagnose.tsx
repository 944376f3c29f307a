import { useStore } from '@nanopeer/react'
import { useState } from 'react'
import { $diagnosis, exampleServers, runDiagnosis } from '../shared/diagnosis'
import { formatMilliseconds } from '../shared/format'
import { Findings } from './Findings'
import { Icon } from './Icon'
import { Verdict } from './Verdict'

/** Finds out what stands between this device and others. */
export function Diagnose() {
  const { isRunning, diagnosis, failure } = useStore($diagnosis)
  const [servers, setServers] = useState('')

  return (
    <details className="card diagnose">
      <summary>
        <h2>Diagnose</h2>
        <span className="aside">why devices do not connect</span>
        <Icon name="chevron" />
      </summary>
      <form
        aria-busy={isRunning}
        onSubmit={(event) => {
          event.preventDefault()
          runDiagnosis(servers)
        }}
      >
        <label htmlFor="servers">
          ICE servers, one per line. After a TURN server: its user name and password.
        </label>
        <textarea
          id="servers"
          rows={3}
          spellCheck={false}
          placeholder={exampleServers}
          value={servers}
          onChange={({ currentTarget }) => setServers(currentTarget.value)}
        />
        {/* Never disabled, so that the keyboard stays on it. */}
        <button type="submit" className="main" aria-disabled={isRunning}>
          {isRunning ? 'Diagnosing …' : 'Diagnose'}
        </button>
        {isRunning ? (
          <div role="progressbar" aria-label="Diagnosing" />
        ) : (
          diagnosis && <span className="figures">took {formatMilliseconds(diagnosis.ms)}</span>
        )}
      </form>
      {failure !== '' && (
        <p className="message" role="alert" data-tone="bad">
          <Icon name="warning" />
          <span className="words">{failure}</span>
        </p>
      )}
      {/* Here before there is anything in it: only then is it read out. */}
      <div role="status" aria-label="Diagnosis">
        {diagnosis && <Verdict diagnosis={diagnosis} />}
      </div>
      {diagnosis && <Findings diagnosis={diagnosis} />}
    </details>
  )
}

import type { Connection } from '@nanopeer/core'
import { useSubscription } from '@nanopeer/react'
import { tailLog } from '../../shared/actions'
import { formatTime } from '../shared/format'
import { addLine, keyOf } from '../shared/lines'

/** The device's own log, as it is written. */
export function DeviceLog({ connection }: { connection: Connection | null }) {
  const { data: lines = [], status } = useSubscription(
    connection,
    tailLog,
    { lines: 50 },
    { reduce: addLine },
  )

  return (
    <section className="card" aria-labelledby="log">
      <header>
        <h2 id="log">Device log</h2>
        <span className="aside">{status === 'active' ? 'live' : 'waiting for the device'}</span>
      </header>
      {/* A box that scrolls must be reachable by the keyboard. */}
      <div className="log" role="log" aria-live="off" aria-labelledby="log" tabIndex={0}>
        <ol>
          {lines.map((line) => (
            <li key={keyOf(line)} data-level={line.level}>
              <time dateTime={line.time.toISOString()}>{formatTime(line.time)}</time>
              <span>{line.text}</span>
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}

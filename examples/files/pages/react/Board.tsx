import type { Connection, Peer } from '@nanopeer/core'
import { useRemoteStore } from '@nanopeer/react'
import { board } from '../../shared/stores'
import { describeState } from '../shared/board'
import { writing } from '../shared/draft'
import { BoardField } from './BoardField'
import { Looking } from './Looking'

/** What the device is called, its note, and who is looking: the device's own stores, held here. */
export function Board({ peer, connection }: { peer: Peer | null; connection: Connection | null }) {
  const shown = useRemoteStore(connection, board)
  const { value, isStale, update } = shown

  return (
    <section className="card" aria-labelledby="board" data-stale={isStale || undefined}>
      <header>
        <h2 id="board">{value?.name ?? 'Device'}</h2>
        <span className="aside">{describeState(shown)}</span>
      </header>
      {value && (
        <div className="board">
          <BoardField label="Name" value={value.name} onSave={(draft) => update(writing('name', draft))} />
          <BoardField
            label="Note"
            rows={3}
            value={value.note}
            onSave={(draft) => update(writing('note', draft))}
          />
          <Looking peer={peer} connection={connection} />
        </div>
      )}
    </section>
  )
}

import type { Connection, Peer } from '@nanopeer/core'
import { useRemoteStore, useStore } from '@nanopeer/react'
import { useEffect } from 'react'
import { looking } from '../../shared/stores'
import { isUnannounced, lookersOf } from '../shared/board'
import { $folder } from '../shared/folder'

/** Who is looking, and where; this page says so of itself. */
export function Looking({ peer, connection }: { peer: Peer | null; connection: Connection | null }) {
  const shown = useRemoteStore(connection, looking)
  const { value, setKey } = shown
  const folder = useStore($folder)
  const id = peer?.id ?? ''
  const isNew = id !== '' && isUnannounced(shown, id, { page: 'React', folder })

  useEffect(() => {
    if (isNew) setKey(id, { page: 'React', folder })
  }, [isNew, id, folder, setKey])

  return (
    <div className="looking">
      <h3 id="looking">Looking now</h3>
      <ul aria-labelledby="looking">
        {lookersOf(value).map((looker) => (
          <li key={looker.id} data-own={looker.id === id || undefined}>
            <b>{looker.page}</b> {looker.place}
          </li>
        ))}
      </ul>
    </div>
  )
}

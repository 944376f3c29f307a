import type { Connection } from '@nanopeer/core'
import type { FileEntry } from '../../shared/actions'
import { FileRow } from './FileRow'
import { Icon } from './Icon'

interface FileListProps {
  connection: Connection | null
  folder: string
  entries: FileEntry[] | undefined
  isPending: boolean
}

/** The rows of a folder, or why there are none. */
export function FileList({ connection, folder, entries, isPending }: FileListProps) {
  if (isPending) return <Loading />
  if (!entries) return null
  if (entries.length === 0) {
    return (
      <p className="empty">
        <Icon name="folder" />
        This folder is empty. Drop a file here.
      </p>
    )
  }
  return (
    <ul className="files">
      {entries.map((entry) => (
        <FileRow key={entry.name} connection={connection} folder={folder} entry={entry} />
      ))}
    </ul>
  )
}

function Loading() {
  return (
    <ul className="files loading" aria-busy="true" aria-label="Loading the folder">
      {[38, 52, 30, 44].map((width) => (
        <li className="file" key={width}>
          <span className="tile" />
          <span className="line" style={{ width: `${width}%` }} />
        </li>
      ))}
    </ul>
  )
}

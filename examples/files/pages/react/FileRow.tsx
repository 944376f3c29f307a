import type { Connection } from '@nanopeer/core'
import { useAction } from '@nanopeer/react'
import { type FileEntry, readFile } from '../../shared/actions'
import { describeFailure } from '../shared/failure'
import { linkTo, pathIn } from '../shared/folder'
import { formatEntry } from '../shared/format'
import { iconOf } from '../shared/icons'
import { save } from '../shared/save'
import { Icon } from './Icon'
import { Progress } from './Progress'

interface FileRowProps {
  connection: Connection | null
  folder: string
  entry: FileEntry
}

export function FileRow({ connection, folder, entry }: FileRowProps) {
  const download = useAction(connection, readFile)
  const path = pathIn(folder, entry.name)
  const failure = describeFailure(download.error)

  return (
    <li className="file" data-kind={entry.kind}>
      <span className="tile">
        <Icon name={iconOf(entry)} />
      </span>
      <div>
        {entry.kind === 'folder' ? (
          <a className="name" href={linkTo(path)}>
            {entry.name}
          </a>
        ) : (
          <span className="name" title={entry.name}>
            {entry.name}
          </span>
        )}
        {download.isPending ? (
          <Progress label={`Downloading ${entry.name}`} progress={download.progress} />
        ) : (
          <span className="about">{formatEntry(entry)}</span>
        )}
        {failure !== '' && (
          <p className="problem" role="alert">
            {failure}
          </p>
        )}
      </div>
      {entry.kind === 'folder' && <Icon name="chevron" />}
      {entry.kind === 'file' &&
        (download.isPending ? (
          <button type="button" className="plain" onClick={download.abort}>
            Cancel
          </button>
        ) : (
          <button
            type="button"
            className="plain square"
            aria-label={`Download ${entry.name}`}
            onClick={() => save(download.run({ path }), entry.name)}
          >
            <Icon name="download" />
          </button>
        ))}
    </li>
  )
}

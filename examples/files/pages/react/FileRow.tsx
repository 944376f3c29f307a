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

/** One file, with its download, or one folder. */
export function FileRow({ connection, folder, entry }: FileRowProps) {
  const { run, abort, isPending, progress, error } = useAction(connection, readFile)
  const path = pathIn(folder, entry.name)
  const failure = describeFailure(error)

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
        {isPending ? (
          <Progress label={`Downloading ${entry.name}`} progress={progress} />
        ) : (
          <span className="about">{formatEntry(entry)}</span>
        )}
        {failure !== '' && (
          <p className="problem" role="alert">
            {failure}
          </p>
        )}
      </div>
      {entry.kind === 'folder' ? (
        <Icon name="chevron" />
      ) : (
        // One button that changes, so that the keyboard stays on it.
        <button
          type="button"
          className={isPending ? 'plain' : 'plain square'}
          aria-label={isPending ? undefined : `Download ${entry.name}`}
          onClick={() => (isPending ? abort() : save(run({ path }), entry.name))}
        >
          {isPending ? 'Cancel' : <Icon name="download" />}
        </button>
      )}
    </li>
  )
}

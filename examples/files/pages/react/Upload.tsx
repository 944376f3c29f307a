import type { Connection } from '@nanopeer/core'
import { useAction } from '@nanopeer/react'
import { type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import { writeFile } from '../../shared/actions'
import { onFilesDropped } from '../shared/drop'
import { type Failure, failureOf, isCancelled } from '../shared/failure'
import { pathIn } from '../shared/folder'
import { createQueue } from '../shared/queue'
import { Icon } from './Icon'
import { Progress } from './Progress'

interface UploadProps {
  connection: Connection | null
  folder: string
  onUploaded: () => void
  children: ReactNode
}

/** The head of a folder: files can be chosen there, or dropped anywhere. */
export function Upload({ connection, folder, onUploaded, children }: UploadProps) {
  const upload = useAction(connection, writeFile)
  const [isOver, setOver] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const [queue] = useState(createQueue)
  const input = useRef<HTMLInputElement>(null)
  const [failures, setFailures] = useState<Failure[]>([])

  const add = (files: Iterable<File>) => {
    for (const file of files) {
      queue(async () => {
        setFile(file)
        try {
          await upload.run({ path: pathIn(folder, file.name), size: file.size }, { body: file })
          onUploaded()
        } catch (error) {
          if (!isCancelled(error)) setFailures((failures) => [...failures, failureOf(file.name, error)])
        }
      })
    }
  }

  const dropped = useEffectEvent(add)
  useEffect(() => onFilesDropped({ over: setOver, dropped: (files) => dropped(files) }), [])

  return (
    <>
      <header>
        {children}
        <button type="button" className="main" onClick={() => input.current?.click()}>
          <Icon name="upload" />
          Upload
        </button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Files to upload"
          onChange={({ currentTarget }) => {
            add([...(currentTarget.files ?? [])])
            // So that the same file can be chosen again.
            currentTarget.value = ''
          }}
        />
      </header>
      {upload.isPending && file && (
        <div className="upload">
          <Icon name="upload" />
          <div>
            <p className="name">{file.name}</p>
            <Progress label={`Uploading ${file.name}`} progress={upload.progress} />
          </div>
          <button type="button" className="plain" onClick={upload.abort}>
            Cancel
          </button>
        </div>
      )}
      {failures.length > 0 && (
        <div className="message" role="alert" data-tone="bad">
          <Icon name="warning" />
          <div className="words">
            {failures.map(({ id, title, text }) => (
              <p key={id}>
                <b>{title}</b>
                <span>{text}</span>
              </p>
            ))}
          </div>
          <button type="button" className="plain" onClick={() => setFailures([])}>
            Dismiss
          </button>
        </div>
      )}
      {isOver && (
        <div className="drop">
          <Icon name="upload" />
          Drop to upload
        </div>
      )}
    </>
  )
}

import type { Connection } from '@nanopeer/core'
import { useRequest, useStore, useSubscription } from '@nanopeer/react'
import { useEffect } from 'react'
import { listFiles, watchFolder } from '../../shared/actions'
import { $folder } from '../shared/folder'
import { Away } from './Away'
import { Breadcrumb } from './Breadcrumb'
import { FileList } from './FileList'
import { Upload } from './Upload'

/** The folder on screen: what is in it, and what can be done with it. */
export function Folder({ connection }: { connection: Connection | null }) {
  const folder = useStore($folder)
  const files = useRequest(connection, listFiles, { path: folder })
  const { data: changes } = useSubscription(connection, watchFolder, { path: folder })

  const { refetch } = files
  useEffect(() => {
    if (changes !== undefined) refetch()
  }, [changes, refetch])

  return (
    <section className="card" aria-label="Files">
      <Upload connection={connection} folder={folder} onUploaded={refetch}>
        <Breadcrumb connection={connection} folder={folder} />
      </Upload>
      <Away
        connection={connection}
        error={files.error}
        isKnown={files.data !== undefined}
        onRetry={refetch}
      />
      <FileList connection={connection} folder={folder} entries={files.data} isPending={files.isPending} />
    </section>
  )
}

import { useAction, useConnection, usePeer, useRequest } from '@nanopeer/react'
import { listFiles, readFile, server } from './actions'

export function Files({ id, secret }: { id: string; secret: string }) {
  const { peer } = usePeer(id, { server, secret })
  const { connection, status, error } = useConnection(peer, 'nas')
  const { data: files, error: failure, refetch } = useRequest(connection, listFiles)
  const download = useAction(connection, readFile)
  const trouble = error ?? failure ?? download.error

  const save = async (name: string) => {
    const response = await download.run({ name })
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await response.blob())
    link.download = name // saved, never opened: a page of the device's would run as one of ours
    link.click()
  }

  return (
    <main>
      <h1>NAS</h1>
      <p role="status">{status}</p>
      {trouble && <p role="alert">{trouble.message}</p>}
      <ul>
        {files?.map(({ name, size }) => (
          <li key={name}>
            <button type="button" onClick={() => save(name).catch(console.warn)}>
              {name}
            </button>{' '}
            {size} bytes
          </li>
        ))}
      </ul>
      {download.isPending && <progress value={download.progress?.loaded} max={download.progress?.total} />}
      <p>
        <button type="button" onClick={refetch}>
          Look again
        </button>
      </p>
    </main>
  )
}

'use client'

import { type ServerOptions, tabId } from '@nanopeer/core'
import { useConnection, usePeer, useRequest } from '@nanopeer/react'
import { iceServers, listFiles } from './actions'
import { secret } from './secret'

export function Files({ server }: { server: ServerOptions }) {
  const { peer, status } = usePeer(tabId(), { server, secret, iceServers })
  const { connection, status: nas, reconnect } = useConnection(peer, 'nas')
  const { data: files, isPending, error, refetch } = useRequest(connection, listFiles, { path: '/' })

  return (
    <main>
      <p role="status">
        network {status}, nas {nas}
      </p>
      {nas === 'closed' && (
        <button type="button" onClick={reconnect}>
          Try again
        </button>
      )}
      {isPending && <p>Loading …</p>}
      {error && (
        <button type="button" onClick={refetch}>
          {error.message}: again
        </button>
      )}
      <ul>
        {files?.map(({ name, size }) => (
          <li key={name}>
            {name}, {size} bytes
          </li>
        ))}
      </ul>
    </main>
  )
}

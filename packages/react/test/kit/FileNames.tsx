import type { PeerOptions } from '@nanopeer/core'
import { useConnection, usePeer, useRequest } from '@nanopeer/react'
import { listFiles } from './actions'

export function FileNames({ options }: { readonly options: PeerOptions }) {
  const { peer } = usePeer('laptop', options)
  const { connection, status } = useConnection(peer, 'nas')
  const { data: files, isPending } = useRequest(connection, listFiles, { path: '/' })
  return (
    <p>
      {status}: {isPending ? 'Loading …' : files?.join(', ')}
    </p>
  )
}

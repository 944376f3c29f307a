import { action, createPeer, type Peer } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { createPeer as createDevice } from '@nanopeer/node'
import { useConnection, usePeer, useRequest } from '@nanopeer/react'
import { createSignallingServer } from '@nanopeer/server'
import { useRequest as useSvelteRequest } from '@nanopeer/svelte'
import { useRequest as useVueRequest } from '@nanopeer/vue'

const list = action<{ path: string }, string[]>('files.list')
declare const secret: string | undefined

export function Files() {
  const { peer } = usePeer('laptop', { secret, accept: undefined })
  const { connection } = useConnection(peer, 'nas', { secret, timeout: undefined })
  const { data, isPending, error } = useRequest(connection, list, { path: '/' }, { timeout: undefined })
  if (isPending) return <p>…</p>
  if (error) return <p>{error.message}</p>
  return <p>{data.map((name: string) => name.toUpperCase())}</p>
}

export const laptop: Peer = createPeer('laptop', { transport: createTestNetwork().transport })
export const nas: Peer = createDevice('nas', { iceServers: undefined })
export const others = [createSignallingServer, useSvelteRequest, useVueRequest]

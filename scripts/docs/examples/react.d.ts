/** The same for core, the server and React. */
import './shared'
import type { Connection, Peer } from '@nanopeer/core'
import type { Authorize as ServerAuthorize } from '@nanopeer/server'
import type { useQuery as useReactQuery } from '@tanstack/react-query'
import type { map as nanostoresMap } from 'nanostores'
import type { Dispatch, ReactNode, SetStateAction } from 'react'

declare global {
  const connection: Connection
  const nas: Connection
  const laptop: Peer
  const peer: Peer
  const path: string
  const title: string
  const map: typeof nanostoresMap
  const useQuery: typeof useReactQuery
  type Authorize = ServerAuthorize
  const users: { ownerOf(id: string): Promise<string>; of(token: string): Promise<string> }
  const setLines: Dispatch<SetStateAction<string[]>>
  function Spinner(): ReactNode
  function List(given: { files: FileEntry[] }): ReactNode
  function Files(given: { connection: Connection | null }): ReactNode
}

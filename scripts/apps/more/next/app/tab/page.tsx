'use client'

import { tabId } from '@nanopeer/core'
import { usePeer } from '@nanopeer/react'

/** A page that is rendered when the app is built, where no tab has an id yet. */
export default function Page() {
  const { peer, status } = usePeer(tabId, { server: { host: '127.0.0.1', port: 9 } })
  return (
    <p role="status">
      {status}, {peer?.id ?? 'no id'}
    </p>
  )
}

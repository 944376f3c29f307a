import type { Connection, Peer } from '@nanopeer/core'
import { DeviceBadge } from './DeviceBadge'
import { Icon } from './Icon'
import { PeerBadge } from './PeerBadge'

/** The header: what this is, in which framework, and how its connections are. */
export function Top({ peer, connection }: { peer: Peer | null; connection: Connection | null }) {
  return (
    <header className="top">
      <a className="brand" href="/">
        <Icon name="logo" />
        nanopeer
      </a>
      <nav className="frameworks" aria-label="Framework">
        <a href="/react/" aria-current="page">
          React
        </a>
        <a href="/vue/">Vue</a>
        <a href="/svelte/">Svelte</a>
      </nav>
      <div className="badges">
        <PeerBadge peer={peer} />
        <DeviceBadge connection={connection} />
      </div>
    </header>
  )
}

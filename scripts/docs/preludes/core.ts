import { type Connection, createPeer, type Peer } from '@nanopeer/core'

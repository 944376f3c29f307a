declare const peer: import('@nanopeer/core').Peer
declare const folder: string

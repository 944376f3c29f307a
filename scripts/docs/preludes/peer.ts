declare const peer: import('@nanopeer/core').Peer

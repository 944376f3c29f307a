declare const laptop: import('@nanopeer/core').Peer

declare const connection: import('@nanopeer/core').Connection

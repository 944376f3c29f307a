declare const error: import('@nanopeer/core').RequestError

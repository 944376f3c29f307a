declare const iceServers: import('@nanopeer/core').IceServers

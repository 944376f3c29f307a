declare const nas: import('@nanopeer/core').Peer
declare function readFolder(path: string): Promise<import('./actions').FileEntry[]>

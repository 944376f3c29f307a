/** The label of a nanopeer channel: it tells plain PeerJS remotes apart before the first byte. */
export const linkLabel = 'nanopeer/1'

/** PeerJS options of a nanopeer channel. `reliable` only sets `ordered`, which is false by default. */
export const linkOptions = { label: linkLabel, serialization: 'raw', reliable: true } as const

/** PeerJS options of a channel to a plain PeerJS remote: its own defaults, but in order. */
export const plainOptions = { reliable: true } as const

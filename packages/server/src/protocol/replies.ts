const frame = (type: string, payload: object): string => JSON.stringify({ type, payload })

/** What the server itself says to a client. The texts are PeerServer's, where it has one: PeerJS shows them to people. */
export const replies = {
  /** The id is the client's now. The payload tells nanopeer that heartbeat and echo may be one; PeerJS ignores it. */
  open: frame('OPEN', { server: 'nanopeer' }),
  idTaken: frame('ID-TAKEN', { msg: 'ID is taken' }),
  missingParameters: frame('ERROR', { msg: 'No id, token, or key supplied to websocket server' }),
  invalidKey: frame('ERROR', { msg: 'Invalid key provided' }),
  tooManyClients: frame('ERROR', { msg: 'Server has reached its concurrent user limit' }),
  invalidId: frame('ERROR', { msg: 'Invalid id provided' }),
  unauthorized: frame('ERROR', { msg: 'Invalid token provided' }),
  noPairing: frame('ERROR', { msg: 'Nobody can pair by this server' }),
  tooManyPairings: frame('ERROR', { msg: 'Too many pairings from this network; try again in a minute' }),
  unavailable: frame('ERROR', { msg: 'The server cannot register this id now' }),
} as const

import type { Refusal } from '../counts'
import type { closeCodes } from '../protocol/close-codes'
import { replies } from '../protocol/replies'

/** What a visitor who is not let in is told. */
export interface Rejection {
  readonly refusal: Refusal
  /** The frame that says so. */
  readonly reply: string
  readonly close: keyof typeof closeCodes
  /** Whether it was an attempt at what is another's, and counts against the address. */
  readonly isGuess: boolean
}

/** All ways not to be let in after the socket is open. */
export const rejections = {
  parameters: { refusal: 'parameters', reply: replies.missingParameters, close: 'refused', isGuess: false },
  key: { refusal: 'key', reply: replies.invalidKey, close: 'refused', isGuess: true },
  id: { refusal: 'id', reply: replies.invalidId, close: 'refused', isGuess: false },
  unauthorized: {
    refusal: 'unauthorized',
    reply: replies.unauthorized,
    close: 'unauthorized',
    isGuess: true,
  },
  noPairing: { refusal: 'pairing', reply: replies.noPairing, close: 'unauthorized', isGuess: false },
  tooManyPairings: {
    refusal: 'pairing',
    reply: replies.tooManyPairings,
    close: 'tryAgainLater',
    isGuess: false,
  },
  clients: { refusal: 'clients', reply: replies.tooManyClients, close: 'tryAgainLater', isGuess: false },
  taken: { refusal: 'taken', reply: replies.idTaken, close: 'refused', isGuess: true },
  unavailable: { refusal: 'unavailable', reply: replies.unavailable, close: 'tryAgainLater', isGuess: false },
} as const satisfies Record<string, Rejection>

import { signParts, verifyParts } from './mac'

/** An offer, as the signalling server passes it on. */
export interface SignedOffer {
  readonly from: string
  readonly to: string
  /** Chosen by the dialler, new with every offer. */
  readonly connectionId: string
}

const partsOf = ({ from, to, connectionId }: SignedOffer) => ['nanopeer/2 offer', from, to, connectionId]

/**
 * Shows, before anything is opened, that an offer is of somebody who knows the secret (as WireGuard's mac1 does). There is no
 * time in it: clocks are wrong.
 */
export const signOffer = async (secret: string, offer: SignedOffer): Promise<string> =>
  btoa(String.fromCharCode(...(await signParts(secret, partsOf(offer)))))

/** Whether {@link signOffer} made it, under this secret and for this offer. */
export const verifyOffer = async (
  secret: string,
  offer: SignedOffer,
  credential: string,
): Promise<boolean> => {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(credential)) return false
  const mac = Uint8Array.from(atob(credential), (letter) => letter.charCodeAt(0))
  return verifyParts(secret, partsOf(offer), mac)
}

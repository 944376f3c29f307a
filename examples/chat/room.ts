import { generateSecret, isSecret } from '@nanopeer/core'

export interface Room {
  id: string
  secret: string
  /** Whether this tab has opened it; the other one came by its link. */
  isOurs: boolean
}

/** The room of the link that was followed, or a new one. */
export function enterRoom(): Room {
  const given = new URLSearchParams(location.hash.slice(1))
  const [id, secret] = [given.get('room'), given.get('secret')]
  if (id && isSecret(secret)) return { id, secret, isOurs: false }
  return { id: `room-${crypto.randomUUID()}`, secret: generateSecret(), isOurs: true }
}

// A link that is pasted into a tab that has the page already changes what is behind the `#`, and loads nothing.
addEventListener('hashchange', () => location.reload())

export const linkTo = ({ id, secret }: Room) =>
  `${location.origin}/#${new URLSearchParams({ room: id, secret })}`

import { takeInvitation } from './invitation'

/** The index hands on what it was given to whichever page is chosen: it is good once, and for all of them. */
const invitation = takeInvitation()
for (const link of document.querySelectorAll<HTMLAnchorElement>('.choices a')) {
  if (invitation) link.hash = `pair=${invitation}`
}

import { takeKey } from './key'

/** The index hands its key on to whichever page is chosen. */
const key = takeKey()
for (const link of document.querySelectorAll<HTMLAnchorElement>('.choices a')) {
  if (key) link.hash = `key=${key}`
}

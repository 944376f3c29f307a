import { atom, onMount, type ReadableAtom } from 'nanostores'

const $current = atom(fromHash())

/** The folder on screen: the part of the address after `#/`, so that links, the back button and reloads work. */
export const $folder: ReadableAtom<string> = $current

onMount($current, () => {
  const follow = () => $current.set(fromHash())
  follow()
  window.addEventListener('hashchange', follow)
  return () => window.removeEventListener('hashchange', follow)
})

function fromHash(): string {
  const { hash } = window.location
  return hash.startsWith('#/') ? hash.slice(2).split('/').map(decode).join('/') : ''
}

/** An address that somebody typed may hold a stray percent sign. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The path of something in a folder; '' is the shared folder itself. */
export const pathIn = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

/** Where a link to a folder leads. */
export const linkTo = (folder: string): string => `#/${folder.split('/').map(encodeURIComponent).join('/')}`

/** A folder and all that it is in, from the outside in, without the shared folder itself. */
export const trailOf = (folder: string): { name: string; path: string }[] => {
  const names = folder.split('/').filter((name) => name !== '')
  return names.map((name, index) => ({ name, path: names.slice(0, index + 1).join('/') }))
}

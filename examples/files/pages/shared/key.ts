const name = 'key'

/** The key behind the `#` of a link of the terminal; null for any other address, such as that of a folder. */
const keyOf = (hash: string): string | null => new URLSearchParams(hash.slice(1)).get(name)

/**
 * What this page proves to the device, and the device to this page. It is kept for this tab through reloads, and taken out
 * of the address bar. Whoever came without the link has none.
 */
export const takeKey = (): string | null => {
  const given = keyOf(window.location.hash)
  if (given) {
    sessionStorage.setItem(name, given)
    history.replaceState(history.state, '', window.location.pathname)
  }
  return sessionStorage.getItem(name)
}

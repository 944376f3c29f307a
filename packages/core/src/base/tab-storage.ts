/**
 * The tab's `sessionStorage`: kept through reloads and crashes, copied when a tab is duplicated.
 *
 * Null where there is no tab (Node, a server render) or where the page may not store anything.
 */
export const tabStorage = (): Storage | null => {
  if (typeof document === 'undefined') return null
  try {
    return sessionStorage
  } catch {
    // A sandboxed frame, or a browser told to block site data: everything works, but nothing outlives a reload.
    return null
  }
}

/** Stores a value if there is room; false where it will be forgotten. */
export const remember = (key: string, value: string): boolean => {
  try {
    const storage = tabStorage()
    storage?.setItem(key, value)
    return storage !== null
  } catch {
    // Over quota.
    return false
  }
}

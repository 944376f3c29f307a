const memory = new Map<string, string>()

export const tokenOf = (id: string): string => {
  const known = memory.get(id) ?? Math.random().toString(36).slice(2)
  memory.set(id, known)
  return known
}

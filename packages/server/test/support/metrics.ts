/** Reads one number of a server that has an operations port; 0 where it was never counted. */
export const metric = async (
  { operationsPort }: { readonly operationsPort: number | null },
  name: string,
): Promise<number> => {
  const response = await fetch(`http://127.0.0.1:${operationsPort}/metrics`)
  const line = (await response.text()).split('\n').find((text) => text.startsWith(`${name} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

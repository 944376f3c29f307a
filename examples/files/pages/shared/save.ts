/**
 * Saves an answer as a file, through a link: that works in every browser.
 *
 * @param answer what `useAction` gave; when it fails nothing is saved, and the hook shows why
 */
export const save = async (answer: Promise<Response>, name: string): Promise<void> => {
  const blob = await answer.then((response) => response.blob()).catch(() => null)
  if (blob === null) return
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser reads the blob after the click: its address must live a while longer.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

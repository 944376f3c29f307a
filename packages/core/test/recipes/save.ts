/** Writes an answer to a file that the user chooses; where there is no such choice, to the folder for downloads. */
export async function save(name: string, ask: () => Promise<Response>): Promise<void> {
  if (window.showSaveFilePicker) {
    const file = await window.showSaveFilePicker({ suggestedName: name })
    const { body } = await ask()
    await body?.pipeTo(await file.createWritable())
    return
  }
  const blob = await (await ask()).blob()
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The browser reads the Blob after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

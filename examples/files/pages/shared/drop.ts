/** What a page does with files that are dragged over it. */
export interface DropEvents {
  /** Files came over the page, or left it again. */
  over(isOver: boolean): void
  dropped(files: readonly File[]): void
}

/** Lets files be dropped anywhere on the page. Returns its undo. */
export const onFilesDropped = ({ over, dropped }: DropEvents): (() => void) => {
  const listeners = new AbortController()
  const listen = (type: 'dragover' | 'dragleave' | 'drop', heard: (event: DragEvent) => void) =>
    window.addEventListener(type, heard, { signal: listeners.signal })

  listen('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    // Without this the browser would open the file instead.
    event.preventDefault()
    over(true)
  })
  listen('dragleave', (event) => {
    if (event.relatedTarget === null) over(false)
  })
  listen('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])]
    if (files.length === 0) return
    event.preventDefault()
    over(false)
    dropped(files)
  })
  return () => listeners.abort()
}

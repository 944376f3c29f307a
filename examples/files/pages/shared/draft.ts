import type { Board } from '../../shared/stores'

/** A text that somebody is writing. */
export interface Draft {
  /** What was there when they began. */
  readonly from: string
  readonly text: string
}

/** The draft after a key was pressed, over a text that says `now`. */
export const edited = (draft: Draft | null, text: string, now: string): Draft => ({
  from: draft?.from ?? now,
  text,
})

/** Whether somebody else has changed the text since a draft of it was begun. */
export const isOvertaken = (draft: Draft | null, now: string): boolean =>
  draft !== null && now !== draft.from && now !== draft.text

/** What is left to be written when a draft has been saved: nothing, or what was typed meanwhile. */
export const leftOf = (draft: Draft | null, saved: Draft): Draft | null =>
  draft === null || draft === saved ? null : { from: saved.text, text: draft.text }

/**
 * Writes a draft over what it was made of, and over nothing else.
 *
 * @returns what `update` of a remote store takes; it throws where the text is another one by then
 */
export const writing =
  (field: keyof Board, { from, text }: Draft) =>
  (now: Board): Board => {
    if (now[field] !== from) throw new Error('Somebody else has changed this meanwhile.')
    return { ...now, [field]: text }
  }

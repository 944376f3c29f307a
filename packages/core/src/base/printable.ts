/** Our own texts are shorter; a remote's may be any length. */
const maxLength = 1024

/**
 * What a terminal or a page acts upon instead of showing it: control characters, escape sequences among them (C0, DEL, C1),
 * and what turns the direction of text around (Unicode Standard Annex 9, table 1).
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u
const allUnprintable = new RegExp(unprintable, 'gu')
const breaks = /[\t\n\r\u2028\u2029]/

/** Whether a text can be shown as it is, on one line. */
export const isPrintable = (text: string): boolean => !unprintable.test(text)

/** A text that somebody else worded, for a message, a log or a terminal: one line, at most 1024 characters of it. */
export const printable = (text: string): string => {
  const short = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text
  return isPrintable(short)
    ? short
    : short.replace(allUnprintable, (it) => (breaks.test(it) ? ' ' : '\ufffd'))
}

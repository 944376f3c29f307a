import { wordlist } from '@scure/bip39/wordlists/english.js'

/** 2048 common English words, 11 bits each: no two begin with the same four letters (BIP 39). */
export const words: readonly string[] = wordlist

/** Letters that tell a word from all others. */
const distinctLetters = 4

/** The word that is meant: the whole of it, or at least its first four letters; null where none begins so. */
export const findWord = (typed: string): string | null =>
  words.find((word) => word === typed || (typed.length >= distinctLetters && word.startsWith(typed))) ?? null

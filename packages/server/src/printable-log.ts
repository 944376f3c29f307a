import type { Logger } from './logger'

/** Our own texts are shorter; a client's may be any length. */
const maxLength = 1024
/** Causes of causes that are written down. */
const maxCauses = 3

/**
 * What a terminal acts upon instead of showing it: control characters, escape sequences among them (C0, DEL, C1), and what turns the
 * direction of text around (Unicode Standard Annex 9, table 1). JSON escapes C0 alone.
 */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/gu

/** A text that somebody else worded, for a log: one line, at most 1024 characters of it. */
const printable = (text: string): string => {
  const short = text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text
  return short.replace(unprintable, '\ufffd')
}

/** An error as plain data: its own fields are not enumerable, so that in JSON nothing would be left of it. */
const errorFields = (error: Error, causes = maxCauses): object => {
  const { name, message, stack = '', cause } = error
  const code: unknown = 'code' in error ? error.code : undefined
  return {
    name: printable(name),
    message: printable(message),
    ...(typeof code === 'string' ? { code: printable(code) } : {}),
    stack: stack.split('\n').map(printable).join('\n'),
    ...(cause !== undefined && causes > 0 ? { cause: field(cause, causes - 1) } : {}),
  }
}

const field = (value: unknown, causes?: number): unknown => {
  if (typeof value === 'string') return printable(value)
  return value instanceof Error ? errorFields(value, causes) : value
}

/** A logger that hears nothing but what can be printed, whoever has worded it, and of errors what they say and where. */
export const printableLog = (logger: Logger): Logger => {
  const fieldsOf = (given: object) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, field(value)]))
  return {
    debug: (fields, message) => logger.debug(fieldsOf(fields), message),
    info: (fields, message) => logger.info(fieldsOf(fields), message),
    warn: (fields, message) => logger.warn(fieldsOf(fields), message),
    error: (fields, message) => logger.error(fieldsOf(fields), message),
  }
}

/**
 * Where the server says what happens: pino fits, and so does an object with these methods. Every text in the fields is one printable
 * line, whoever has worded it; `error` is plain data: name, message, stack, and its `cause` where it has one.
 */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

const ignore = () => {}

/** Says nothing. */
export const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

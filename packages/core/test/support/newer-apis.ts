/**
 * What the oldest browsers of docs/environments.md lack (Chrome and Edge 98, Firefox 115, Safari 15.4), and what newer code
 * likes to use; some of it one of them has. Source: the compatibility tables of MDN.
 */
const newerApis: readonly string[] = [
  'AbortSignal.any',
  'AbortSignal.timeout',
  'AbortSignal.prototype.throwIfAborted',
  'Array.fromAsync',
  'Array.prototype.findLast',
  'Array.prototype.findLastIndex',
  'Array.prototype.toReversed',
  'Array.prototype.toSorted',
  'Array.prototype.toSpliced',
  'Array.prototype.with',
  'ArrayBuffer.prototype.resize',
  'ArrayBuffer.prototype.transfer',
  'AsyncDisposableStack',
  'Blob.prototype.bytes',
  'CompressionStream',
  'DecompressionStream',
  'DisposableStack',
  'Error.isError',
  'Float16Array',
  'Iterator',
  'Map.groupBy',
  'Object.groupBy',
  'Promise.try',
  'Promise.withResolvers',
  'ReadableByteStreamController',
  'ReadableStream.from',
  'ReadableStream.prototype.@@asyncIterator',
  'ReadableStream.prototype.values',
  'ReadableStreamBYOBReader',
  'Request.prototype.bytes',
  'Response.json',
  'Response.prototype.bytes',
  'Set.prototype.difference',
  'Set.prototype.intersection',
  'Set.prototype.isSubsetOf',
  'Set.prototype.union',
  'String.prototype.isWellFormed',
  'String.prototype.toWellFormed',
  'Uint8Array.fromBase64',
  'Uint8Array.prototype.toBase64',
  'Uint8Array.prototype.toHex',
  'crypto.randomUUID',
  'navigator.locks',
  'scheduler',
  'structuredClone',
]

/** Runs in the page: deletes what is named, wherever it is inherited from, and answers what could not be deleted. */
const forget = (names: readonly string[]): string[] => {
  const has = (name: string, deletes: boolean): boolean => {
    const path = name.split('.').map((step) => (step === '@@asyncIterator' ? Symbol.asyncIterator : step))
    const last = path.pop() as string
    let holder: unknown = globalThis
    for (const step of path) holder = (holder as Record<PropertyKey, unknown> | undefined)?.[step]
    if (deletes)
      for (let at = holder; at; at = Object.getPrototypeOf(at)) Reflect.deleteProperty(at as object, last)
    return (holder as Record<PropertyKey, unknown> | undefined)?.[last] !== undefined
  }
  return names.filter((name) => has(name, true))
}

/** A script that makes the browser an old one: it must run before any other. What it could not delete is in `leftOver`. */
export const oldBrowserScript = `globalThis.leftOver = (${forget})(${JSON.stringify(newerApis)})`

declare global {
  var leftOver: string[]
}

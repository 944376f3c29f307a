import { action } from '@nanopeer/core'

/** Answers with the path and how often the device was asked, once its gate is open. */
export const list = action<{ path: string }, string>('list')
/** Throws an `ActionError` for `folder`, anything else for `bug`. */
export const fail = action<{ how: 'folder' | 'bug' }, string>('fail')
/** Nobody handles it. */
export const unknown = action<void, string>('unknown')
/** Answers with so many bytes, the last half once the device's gate is open. */
export const read = action.bytes<{ size: number }>('read')
/** Answers with the number of bytes it was sent. */
export const write = action<void, number>('write')
/** What the device emits. */
export const follow = action.events<{ topic: string }, number>('follow')
/** A camera of the device's. */
export const watch = action.media<{ camera: string }>('watch')
/** What a component answers. */
export const title = action<void, string>('title')

import { basename } from 'node:path'
import type { HandlerContext, Peer } from '@nanopeer/core'
import { ActionError } from '@nanopeer/core'
import { describeDevice, listFiles, readFile, tailLog, watchFolder, writeFile } from '../shared/actions'
import { list } from './list'
import type { DeviceLog } from './log'
import { read } from './read'
import { nameOf } from './visitors'
import { watchForChanges } from './watch'
import { write } from './write'

/** What a device serves. */
export interface Served {
  /** The folder to share; absolute. */
  readonly folder: string
  readonly log: DeviceLog
}

/** Registers the answers to everything that a page can ask. Returns the undo of all of it. */
export const serve = (peer: Peer, { folder, log }: Served): (() => void) => {
  const undo = [
    peer.handle(describeDevice, () => ({ folder: basename(folder) })),

    peer.handle(listFiles, ({ path }, context) =>
      logged(log, context, `opens ${placeOf(path)}`, () => list(folder, path)),
    ),

    peer.handle(watchFolder, ({ path }, { signal }) => watchForChanges(folder, path, signal)),

    peer.handle(readFile, ({ path }, context) =>
      logged(log, context, `downloads ${placeOf(path)}`, () => read(folder, path)),
    ),

    peer.handle(writeFile, ({ path, size }, context) =>
      logged(log, context, `uploads ${placeOf(path)}`, () =>
        write(folder, { path, size, body: context.body, signal: context.signal }),
      ),
    ),

    peer.handle(tailLog, ({ lines }, { signal }) => log.tail(lines, signal)),
  ]
  return () => {
    for (const stop of undo) stop()
  }
}

/** Tells the log what somebody does, and when it fails. */
const logged = async <Answer>(
  log: DeviceLog,
  context: HandlerContext,
  deed: string,
  answer: () => Promise<Answer>,
): Promise<Answer> => {
  const name = nameOf(context.connection)
  log.info(`${name} ${deed}`)
  const gaveUp = () => log.info(`${name} gave up: ${deed}`)
  context.signal.addEventListener('abort', gaveUp)
  try {
    return await answer()
  } catch (error) {
    context.signal.removeEventListener('abort', gaveUp)
    if (!context.signal.aborted) log.warning(`${name} ${deed}: ${reasonOf(error)}`)
    throw error
  }
}

const reasonOf = (error: unknown) =>
  error instanceof ActionError ? `${error.code} ${error.message}` : 'something is wrong with the device'

/** A path that a remote sent is not fit to be shown before it is short and free of control characters. */
const placeOf = (path: unknown) => {
  const shown = String(path).slice(0, 120).replace(/\p{C}/gu, '\u{FFFD}')
  return shown === '' || shown === '/' ? 'the shared folder' : shown
}

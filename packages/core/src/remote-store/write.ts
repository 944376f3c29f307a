import { isActionError, NanopeerError } from '../base/errors'
import { inTime } from '../base/in-time'
import type { HandlerContext } from '../base/types'
import { validate } from '../base/validate'
import { sendable } from '../codec/sendable'
import { isSame } from '../request/asked'
import { publish } from '../store'
import { notShared } from './follower'
import { diff, hasFields, type Patch, patched } from './patch'
import type { MayWrite, SharedStore, StoreWrite } from './shared-store'
import { faultOf, isPatch, isSoundPatch, type WriteOutcome, type WrittenState } from './wire'

/** How often a write is considered again because the store has changed while it was. */
const maxTries = 5

/** Considers a write, and makes it. Says which version it became, or why none. */
export async function performWrite(
  shared: SharedStore,
  write: WrittenState,
  context: HandlerContext,
): Promise<WriteOutcome> {
  try {
    await attempt(shared, write, context)
    const { epoch, n } = shared
    return { epoch, n }
  } catch (error) {
    const said = isActionError(error) ? sendable(error, (cause) => shared.report(cause)) : ours(error)
    return { fault: faultOf(said ?? failed(shared, error)) }
  }
}

async function attempt(shared: SharedStore, write: WrittenState, context: HandlerContext): Promise<void> {
  const { $store, mayWrite, schema, name } = shared
  if (!mayWrite) throw refused(name, 'cannot be written')
  for (let tries = 0; tries < maxTries; tries++) {
    const { epoch, n, value: now } = shared.now
    const { at } = write
    if (at && (at.epoch !== epoch || at.n !== n)) break
    const checked = await validate(schema, wanted(now, write), 'INVALID_INPUT', name)
    // What arrived are copies: a field that says what it said is not another one.
    const patch = diff(now, checked, isSame)
    const next = patch ? patched(now, patch) : checked
    const keys = patch && ([...Object.keys(patch.set), ...patch.gone] as never[])
    const { remote } = context
    if (!(await isAllowed(shared, mayWrite, { remote, now, next, keys }))) {
      throw refused(name, 'may not be written like this')
    }
    if (context.signal.aborted) throw new NanopeerError('ABORTED', 'The write was aborted.')
    if (shared.isOver) throw notShared(name)
    // In the turn in which it is compared: what was allowed is what is set.
    if (shared.n !== n) continue
    if (keys?.length !== 0) publish($store, next)
    return
  }
  throw new NanopeerError('CONFLICT', `The store ${JSON.stringify(name)} has changed meanwhile.`)
}

function wanted(now: unknown, write: WrittenState): unknown {
  if (!isPatch(write)) return write.value
  if (!hasFields(now) || !isSoundPatch(write) || namesOf(write).includes('__proto__')) {
    throw new NanopeerError('INVALID_INPUT', 'Fields like these cannot be set in what the store holds.')
  }
  return patched(now, write)
}

async function isAllowed(shared: SharedStore, mayWrite: MayWrite, write: StoreWrite): Promise<boolean> {
  try {
    const name = `The write function of the store ${JSON.stringify(shared.name)}`
    return (await inTime(name, () => mayWrite(write), shared.clock)) === true
  } catch (error) {
    // An error of nanopeer's own speaks of something else than this write.
    throw isActionError(error) ? error : failed(shared, error)
  }
}

const ours = (error: unknown) => (error instanceof NanopeerError ? error : null)

/** The device hears what was thrown; whoever wrote hears no more than that something was. */
function failed(shared: SharedStore, error: unknown): NanopeerError {
  shared.report(error)
  const text = `Whether the store ${JSON.stringify(shared.name)} may be written could not be said.`
  return new NanopeerError('HANDLER_FAILED', text)
}

const namesOf = ({ set, gone }: Patch): string[] => [...Object.keys(set), ...gone]

const refused = (name: string, why: string): NanopeerError =>
  new NanopeerError('REFUSED', `The store ${JSON.stringify(name)} ${why}.`)

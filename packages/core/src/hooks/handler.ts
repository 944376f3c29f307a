import type { ActionLike, Handler, HandlerContext, Peer } from '../base/types'
import { acting, remember, type Views } from './view'

/** What `useHandler` is called with. */
export type HandlerArguments<A extends ActionLike> = readonly [
  peer: Peer | null | undefined,
  action: A,
  handler: Handler<A>,
]

type AnyHandler = (input: unknown, context: HandlerContext) => unknown

/** What stands behind `useHandler`: registered, and the peer held, while listened to. There is nothing to see. */
export function createHandlerViews<A extends ActionLike>(): Views<HandlerArguments<A>, null> {
  let latest: AnyHandler = () => undefined
  const answer: AnyHandler = (input, context) => latest(input, context)
  const views = remember<HandlerArguments<A>, null, null>(
    (peer, action) => [peer ?? null, action],
    (_shown, peer, action) => acting(peer, (peer) => peer.handle(action, answer as Handler<A>)),
  )
  const commit = (...[, , handler]: HandlerArguments<A>) => {
    latest = handler as AnyHandler
  }
  return { ...views, commit }
}

import { devtoolsHook, isWatched, showRequest } from '../base/devtools-hook'
import type { Registration } from '../base/registration'
import type { Transport } from '../base/transport'

/** The transport that a peer joins by: its own, or what a developer tool makes of it. */
export const shownTransport = (transport: Transport): Transport =>
  devtoolsHook().wrapTransport?.(transport) ?? transport

/** The handler of an action, which tells the tools that listen what it is asked and answers. */
export const shownHandler = (registration: Registration | undefined): Registration | undefined => {
  if (!registration || !isWatched()) return registration
  return {
    ...registration,
    handler(input, context) {
      const { connection, requestId, action, body } = context
      const answer = (async () => registration.handler(input, context))()
      showRequest({
        direction: 'in',
        connection,
        requestId,
        action,
        input,
        hasBody: body !== undefined,
        answer,
      })
      return answer
    },
  }
}

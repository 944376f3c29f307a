import { toAction } from '../base/action'
import type { Registration } from '../base/registration'
import type { ActionLike } from '../base/types'

/** The handlers of one peer, for all its connections. */
export class Handlers {
  /** By the action's name, in the order in which they came. The last one answers. */
  private readonly registrations = new Map<string, readonly Registration[]>()

  /** The last registration answers; once it is undone, the one before it does. */
  register(action: ActionLike, handler: Registration['handler']): () => void {
    const { name, kind, input, media } = toAction(action)
    const before = this.registrations.get(name) ?? []
    if (before.length > 0) {
      // Not where one component takes the place of another, which may go a little later in the same turn.
      queueMicrotask(() => {
        if (!this.registrations.get(name)?.[1]) return
        console.warn(`nanopeer: a second handler for ${JSON.stringify(name)} replaces the first.`)
      })
    }
    const registration = { kind: typeof action === 'string' ? null : kind, input, media, handler }
    this.registrations.set(name, [...before, registration])
    return () => {
      const left = this.registrations.get(name)?.filter((other) => other !== registration) ?? []
      if (left.length > 0) this.registrations.set(name, left)
      else this.registrations.delete(name)
    }
  }

  get names(): readonly string[] {
    return [...this.registrations.keys()]
  }

  /** The one that answers. */
  find(name: string): Registration | undefined {
    return this.registrations.get(name)?.at(-1)
  }
}

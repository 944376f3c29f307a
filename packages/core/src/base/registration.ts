import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ActionKind } from './action'
import type { HandlerContext } from './types'

/** A handler as it was registered. */
export interface Registration {
  /** Null where it was registered under a plain name: then it answers whatever is asked. */
  readonly kind: ActionKind | null
  readonly input: StandardSchemaV1 | undefined
  handler(input: unknown, context: HandlerContext): unknown
}

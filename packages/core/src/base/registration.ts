import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { ActionKind, MediaOptions } from './action'
import type { HandlerContext } from './types'

/** A handler as it was registered. */
export interface Registration {
  /** Null where it was registered under a plain name: then it answers whatever is asked. */
  readonly kind: ActionKind | null
  readonly input: StandardSchemaV1 | undefined
  /** How the tracks of a media answer are sent. */
  readonly media: MediaOptions | undefined
  handler(input: unknown, context: HandlerContext): unknown
}

import { validate } from '../../base/validate'
import type { OutgoingRequest } from '../../engine'

/** What an asker gets of an answer: a promise of what its schema makes of it, or, where there is none, the value. */
export const validated = ({ output, action }: OutgoingRequest, value: unknown): unknown =>
  output ? validate(output, value, 'INVALID_OUTPUT', action) : value

import type { PlainChannel } from '../src/base/transport'
import { TestLink } from './link'

/** One end of a channel to a peer that is not nanopeer: bytes in one of PeerJS's formats, here its default. */
export class TestPlainChannel extends TestLink implements PlainChannel {
  readonly serialization = 'binary'
  readonly ordered = true
}

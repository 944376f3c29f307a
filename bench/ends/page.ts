/** The end in a page: the harness calls `window.bench`. */
import { createPeer } from '@nanopeer/core'
import { createCommands } from './commands'
import { guarded, nanopeer, proved, undecidedWith, withIdentity, withSecret } from './nanopeer'
import { peerjs } from './peerjs'
import { raw } from './raw'
import { rawBatched } from './raw-batched'
import { rawLinks } from './raw-links'
import { trystero } from './trystero'

export const bench = createCommands({
  nanopeer,
  'nanopeer-guarded': guarded,
  'nanopeer-undecided': undecidedWith(createPeer),
  'nanopeer-proved': proved,
  'nanopeer-secret': withSecret,
  'nanopeer-identity': withIdentity,
  raw,
  'raw-batched': rawBatched,
  'raw-four-links': rawLinks(4),
  'peerjs-json': peerjs('json'),
  'peerjs-binary': peerjs('binary'),
  'peerjs-msgpack': peerjs('MsgPack'),
  trystero,
})

Object.assign(globalThis, { bench })

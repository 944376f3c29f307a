import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Peer } from '@nanopeer/node'
import { tailLog } from './actions'

export const serveLog = (peer: Peer, file: string) =>
  peer.handle(tailLog, async function* ({ lines }, { signal }) {
    const count = Math.min(1000, Math.max(0, Math.trunc(Number(lines)) || 0)) // a remote may send anything
    const tail = spawn('tail', ['-F', '-n', String(count), file])
    signal.addEventListener('abort', () => tail.kill())
    await once(tail, 'spawn') // throws where there is no `tail`
    yield* createInterface({ input: tail.stdout })
  })

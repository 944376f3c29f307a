import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ActionError, type Peer } from '@nanopeer/node'
import { readFile } from './actions'

export const serveFiles = (peer: Peer, folder: string) =>
  peer.handle(readFile, async ({ path }) => {
    const names = await readdir(folder) // serves what is in the list, and nothing else
    if (!names.includes(path)) throw new ActionError(404, 'No such file')
    const { size } = await stat(join(folder, path))
    const body = Readable.toWeb(createReadStream(join(folder, path))) as ReadableStream<Uint8Array>
    return new Response(body, { headers: { 'content-length': String(size) } })
  })

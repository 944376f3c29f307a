import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ActionError, type Peer } from '@nanopeer/node'
import { readFile } from './actions'

/** Plain files: no dot files, no folders, no links to elsewhere. */
const listed = async (folder: string) => {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name)
}

export const serveFiles = (peer: Peer, folder: string) =>
  peer.handle(readFile, async ({ path }) => {
    if (!(await listed(folder)).includes(path)) throw new ActionError(404, 'No such file')
    const { size } = await stat(join(folder, path))
    const body = Readable.toWeb(createReadStream(join(folder, path))) as ReadableStream<Uint8Array>
    return new Response(body, { headers: { 'content-length': String(size) } })
  })

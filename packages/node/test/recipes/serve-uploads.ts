import { randomUUID } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { link, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ActionError, type Peer } from '@nanopeer/node'
import { writeFile } from './actions'

export const serveUploads = (peer: Peer, folder: string) =>
  peer.handle(writeFile, async ({ name, size }, { body, signal }) => {
    const isName = typeof name === 'string' && name === basename(name) && !name.startsWith('.')
    if (!body || !isName) throw new ActionError(400, 'Send one file')
    if (existsSync(join(folder, name))) throw new ActionError(409, 'There is a file of that name')
    const partial = join(folder, `.${randomUUID()}.partial`)
    const file = createWriteStream(partial, { flags: 'wx' })
    try {
      await pipeline(Readable.fromWeb(body as never), file, { signal })
      if (file.bytesWritten !== size) throw new ActionError(400, 'That is not the whole file')
      await link(partial, join(folder, name)) // fails if one has come meanwhile
    } finally {
      await rm(partial, { force: true })
    }
  })

import { createWriteStream } from 'node:fs'
import { Writable } from 'node:stream'
import type { Connection } from '@nanopeer/node'
import { readFile } from './actions'

export async function download(nas: Connection, path: string, target: string, signal?: AbortSignal) {
  const response = await nas.request(
    readFile,
    { path },
    { signal, onProgress: ({ loaded, total }) => console.log(`${loaded} of ${total ?? 'unknown'}`) },
  )
  await response.body?.pipeTo(Writable.toWeb(createWriteStream(target)))
}

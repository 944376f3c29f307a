import { createReadStream } from 'node:fs'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ActionError, createPeer } from '@nanopeer/node'
import { listFiles, readFile, server } from './actions'
import { readSecret } from './secret-file'

const folder = 'shared' // a folder of its own, never the one that a program runs in
await mkdir(folder, { recursive: true })
await writeFile(join(folder, 'hello.txt'), 'Hello from the device.\n')

const secret = readSecret('secret.txt')
const peer = createPeer('nas', { server, secret })

/** Plain files: no dot files, no folders, no links to elsewhere. */
async function listed() {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name)
}

peer.handle(listFiles, async () =>
  Promise.all((await listed()).map(async (name) => ({ name, size: (await stat(join(folder, name))).size }))),
)

peer.handle(readFile, async ({ name }) => {
  if (!(await listed()).includes(name)) throw new ActionError(404, 'No such file') // serves the list, nothing else
  const { size } = await stat(join(folder, name))
  const body = Readable.toWeb(createReadStream(join(folder, name))) as ReadableStream<Uint8Array>
  return new Response(body, { headers: { 'content-length': String(size) } })
})

await peer.open()
process.once('SIGINT', () => peer.destroy()) // says goodbye, so that pages hear of it at once
console.log(`Open http://localhost:5173/#secret=${secret}`)

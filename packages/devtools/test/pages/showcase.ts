import { action, createPeer } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import '@nanopeer/devtools'

/** A page with a peer whose network is in memory, so that everything can be made to happen at will. */
const network = createTestNetwork({ delay: 8, rate: 2_000_000 })
const { transport } = network

const listFiles = action<{ path: string; accessToken?: string }, { name: string; size: number }[]>(
  'files.list',
)
const readFile = action.bytes<{ path: string }>('files.read')
const tail = action.events<{ lines: number }, string>('log.tail')
const rename = action<{ from: string; to: string }, void>('files.rename')

const laptop = createPeer('laptop', { transport, onError: () => {} })
const nas = createPeer('nas', { transport, accept: 'anyone' })
nas.handle(listFiles, async () => {
  await new Promise((resolve) => setTimeout(resolve, 120))
  return [
    { name: 'lighthouse.svg', size: 4180 },
    { name: 'rain on the roof.wav', size: 25_165_868 },
  ]
})
nas.handle(
  readFile,
  () => new Response(new Uint8Array(16_000_000), { headers: { 'content-length': '16000000' } }),
)
nas.handle(tail, async function* () {
  yield 'started'
  await new Promise(() => {})
})
nas.handle(rename, () => {
  throw new Error('The disk is full.')
})
const camera = createPeer('camera', { transport, accept: 'anyone' })

/** What a test or a picture asks of the page. */
const showcase = {
  network,
  laptop,
  async start() {
    await Promise.all([nas.open(), camera.open(), laptop.open()])
    laptop.connect('camera')
    const connection = laptop.connect('nas')
    void connection.request(tail, { lines: 20 }).then(async (lines) => {
      for await (const _line of lines);
    })
    return connection.request(listFiles, { path: 'sketches', accessToken: 'tok_5ca1ab1e' })
  },
  /** A download that begins now. Resolves with the number of its bytes. */
  async download() {
    const response = await laptop.connect('nas').request(readFile, { path: 'rain on the roof.wav' })
    return (await response.arrayBuffer()).byteLength
  },
  fail: () =>
    laptop
      .connect('nas')
      .request(rename, { from: 'a', to: 'b' })
      .catch((error: Error) => error.message),
  list: () => laptop.connect('nas').request(listFiles, { path: 'recipes' }),
}

declare global {
  interface Window {
    showcase: typeof showcase
  }
}

window.showcase = showcase

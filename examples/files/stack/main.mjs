/** Runs the demo until it is told to end. `npm run demo` at the top of the repository installs, builds and calls it. */
import { realpath, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { makeRecording } from './recording.mjs'
import { start } from './start.mjs'
import { attachTerminal } from './terminal.mjs'

const sample = fileURLToPath(new URL('../sample', import.meta.url))
/** The device's key, and those of the pages that it knows: they outlive a run. */
const state = process.env.DEMO_STATE ?? fileURLToPath(new URL('../.device', import.meta.url))

const signallingPort = Number(process.env.SIGNALLING_PORT ?? 9000)
const pagesPort = Number(process.env.PAGES_PORT ?? 5173)

/** Long enough, in ms, to see what a page says when its device is away. */
const restartAfter = 8000

/** @type {Awaited<ReturnType<typeof start>> | undefined} */
let demo
let ending = false

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => end(0))

try {
  const folder = await sharedFolder()
  demo = await start({ folder, pagesPort, signallingPort, state })
  // A signal may have come while the parts were starting.
  if (ending) await finish(0)
  announce(demo, folder)
  attachTerminal(demo)
  demo.signalling.ended.then(stopBecause)
  watchDevice(demo)
} catch (error) {
  if (!ending) console.error(`The demo cannot start. ${error instanceof Error ? error.message : error}`)
  process.exit(ending ? 0 : 1)
}

/** A device that ends comes back a little later, and the pages with it. @param {NonNullable<typeof demo>} demo */
async function watchDevice({ device, restartDevice }) {
  while (!ending) {
    const words = await device().ended
    if (ending) return
    console.error(`${words} It is started again in ${restartAfter / 1000} s.`)
    await setTimeout(restartAfter)
    if (ending) return
    await restartDevice().catch((error) => stopBecause(error.message))
  }
}

async function sharedFolder() {
  const chosen = process.env.DEMO_FOLDER
  if (!chosen) {
    await makeRecording(sample)
    return sample
  }
  // npm runs us elsewhere and keeps where it was called.
  const folder = resolve(process.env.INIT_CWD ?? '.', chosen)
  const isFolder = await stat(folder).then(
    (entry) => entry.isDirectory(),
    () => false,
  )
  if (!isFolder) throw new Error(`DEMO_FOLDER is ${chosen}, and there is no such folder.`)
  return realpath(folder)
}

/** @param {NonNullable<typeof demo>} demo @param {string} folder */
function announce({ origin, link, signalling, device }, folder) {
  const port = signalling.ready.port
  if (signallingPort !== 0 && port !== signallingPort) {
    console.log(`Port ${signallingPort} is taken: the signalling server is on ${port} instead.`)
  }
  if (pagesPort !== 0 && !origin.endsWith(`:${pagesPort}`)) {
    console.log(`Port ${pagesPort} is taken: the pages are on ${new URL(origin).port} instead.`)
  }
  console.log(`
  nanopeer files is up.

    Pages       ${link('')}
    React       ${link('react/')}
    Vue         ${link('vue/')}
    Svelte      ${link('svelte/')}
    Camera      ${link('camera/')}

    A page is let in once it is paired: p shows a code, l lists who is paired, r 1 revokes the first.

    Signalling  ${signalling.ready.host}:${port}
    Device      process ${device().pid} shares ${folder}

  Kill the device's process to see what the pages say; it is started again. Ctrl-C ends everything.
`)
}

/** @param {string} words */
function stopBecause(words) {
  if (ending) return
  console.error(words)
  end(1)
}

/** @param {number} code */
async function end(code) {
  if (ending) return
  ending = true
  if (demo) await finish(code)
}

/** @param {number} code */
async function finish(code) {
  await demo?.stop()
  process.exit(code)
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'

const main = fileURLToPath(new URL('../stack/main.mjs', import.meta.url))
const patience = 30_000

let demo: ChildProcess | undefined
let occupied: Server[] = []

afterEach(async () => {
  demo?.kill('SIGKILL')
  for (const server of occupied) server.close()
  occupied = []
})

/** Takes any free port, and returns its number. */
const occupy = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  occupied.push(server)
  const address = server.address()
  if (!address || typeof address !== 'object') throw new Error('There is no port.')
  return address.port
}

/** Starts the demo, and waits for words of its own in what it prints. */
const startDemo = (settings: Record<string, string>) => {
  const child = spawn(process.execPath, [main], { env: { ...process.env, ...settings } })
  demo = child
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      printed += text
    })
  }
  const exited = once(child, 'exit').then(([code]) => code as number)
  const says = (words: RegExp) =>
    vi.waitFor(() => words.exec(printed) ?? expect.fail(`It said: ${printed}`), {
      timeout: patience,
      interval: 50,
    })
  return { child, exited, says }
}

const isListening = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('taken ports are said, the next free ones used, and Ctrl-C leaves nothing running', async () => {
  const taken = { pages: await occupy(), signalling: await occupy() }
  const { child, exited, says } = startDemo({
    PAGES_PORT: String(taken.pages),
    SIGNALLING_PORT: String(taken.signalling),
  })
  await says(/nanopeer files is up/)
  const port = async (words: RegExp) => Number((await says(words))[1])
  const pages = await port(new RegExp(`Port ${taken.pages} is taken: the pages are on (\\d+) instead`))
  const server = await port(
    new RegExp(`Port ${taken.signalling} is taken: the signalling server is on (\\d+) instead`),
  )
  const device = await port(/process (\d+) shares/)

  for (const page of ['', 'react/', 'vue/', 'svelte/']) {
    expect((await fetch(`http://127.0.0.1:${pages}/${page}`)).status).toBe(200)
  }
  expect(await isListening(server)).toBe(true)
  expect(isRunning(device)).toBe(true)

  child.kill('SIGINT')
  expect(await exited).toBe(0)
  expect(await isListening(pages)).toBe(false)
  expect(await isListening(server)).toBe(false)
  expect(isRunning(device)).toBe(false)
})

test('what the demo started ends with it, even when it is killed', async () => {
  const { child, exited, says } = startDemo({ PAGES_PORT: '0', SIGNALLING_PORT: '0' })
  const device = Number((await says(/process (\d+) shares/))[1])
  const server = Number((await says(/Signalling {2}127\.0\.0\.1:(\d+)/))[1])
  child.kill('SIGKILL')
  await exited
  await vi.waitFor(async () => {
    expect(isRunning(device)).toBe(false)
    expect(await isListening(server)).toBe(false)
  }, patience)
})

test('a folder that does not exist is a clear message', async () => {
  const { exited, says } = startDemo({ DEMO_FOLDER: '/does/not/exist' })
  await says(/The demo cannot start\. DEMO_FOLDER is \/does\/not\/exist, and there is no such folder\./)
  expect(await exited).toBe(1)
})

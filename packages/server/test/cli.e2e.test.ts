import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { register } from './support/test-client'

const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url))

const start = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

interface LogLine {
  readonly msg: string
  readonly port?: number
}

/** Starts it on free ports. @returns the process, what it logs, and its port, once it listens */
const listen = async (...args: string[]) => {
  const child = start('--port', '0', '--operations_port', '0', '--host', '127.0.0.1', ...args)
  const lines: LogLine[] = []
  if (!child.stdout) throw new Error('The process has no output.')
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)))
  /** The first line with this message, once it is there. */
  const logged = (message: string) =>
    vi.waitUntil(() => lines.find(({ msg }) => msg === message), { timeout: 10_000 })
  const { port = 0 } = await logged('The signalling server listens')
  return { child, port, logged }
}

it('serves, and on SIGTERM sends its clients away and exits with 0', async () => {
  const { child, port } = await listen('--drain', '500')
  const client = await register(port, 'alice')
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await client.ended).toEqual({ code: 1001, reason: 'goingAway' })
  expect(await exited).toEqual([0, null])
})

it('exits at once on a second signal', async () => {
  const { child, port, logged } = await listen()
  await register(port, 'alice')
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await logged('Stopping')
  child.kill('SIGTERM')
  expect(await exited).toEqual([1, null])
})

it('survives what ends PeerServer', async () => {
  const { port } = await listen()
  const other = await register(port, 'bob')
  const client = await register(port, 'alice')
  client.sendText('{')
  expect(await client.ended).toMatchObject({ code: 1007 })
  expect(await other.caughtUp()).toEqual([])
})

it('says what is wrong with a flag, and how it is used', async () => {
  const child = start('--port', 'nine')
  const output: Buffer[] = []
  child.stderr?.on('data', (data: Buffer) => output.push(data))
  expect(await once(child, 'exit')).toEqual([2, null])
  expect(Buffer.concat(output).toString()).toMatch(/whole number[\s\S]*Usage: nanopeer-server/)
})

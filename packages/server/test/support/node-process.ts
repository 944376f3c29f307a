import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished, vi } from 'vitest'
import { patience } from './patience'

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

interface LogLine {
  readonly msg: string
  readonly port?: number
  readonly operationsPort?: number
}

/** The built command in a process of its own. */
export interface NodeProcess {
  readonly child: ChildProcess
  readonly port: number
  readonly operationsPort: number
  /** Resolves with its exit code, null where a signal ended it. */
  readonly exited: Promise<number | null>
  /** The first line with this message, once it is there. */
  logged(message: string): Promise<LogLine>
  /** Waits until `/ready` says so. */
  ready(): Promise<void>
}

/** Runs the command with these arguments, until the test is over at the latest. */
export const spawnCommand = (...args: string[]): ChildProcess => {
  const child = spawn(process.execPath, [cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Starts a node on free ports, and waits until it listens. */
export const startNodeProcess = async (...args: string[]): Promise<NodeProcess> => {
  const child = spawnCommand('--port', '0', '--operations_port', '0', '--host', '127.0.0.1', ...args)
  const exited = once(child, 'exit').then(([code]) => code as number | null)
  const lines: LogLine[] = []
  if (!child.stdout) throw new Error('The process has no output.')
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)))
  const logged = (message: string) => vi.waitUntil(() => lines.find(({ msg }) => msg === message), patience)
  const { port = 0, operationsPort = 0 } = await logged('The signalling server listens')
  return {
    child,
    port,
    operationsPort,
    exited,
    logged,
    async ready() {
      const isReady = async () => (await fetch(`http://127.0.0.1:${operationsPort}/ready`)).ok
      await vi.waitUntil(isReady, patience)
    },
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { onTestFailed, onTestFinished } from 'vitest'

/** A command that keeps running, in a terminal that can be read. */
export interface Terminal {
  /** The first line that matches, said already or yet to come. Rejects when the command ends before it says it. */
  line(pattern: RegExp): Promise<string>
  /** Types a line and Enter. */
  type(line: string): void
  /** Ctrl-C; resolves when the command and what it started are gone. */
  interrupt(): Promise<void>
}

/** Runs a command in a folder until the test is over. */
export function runCommand(folder: string, command: string): Terminal {
  const [program = '', ...words] = command.split(' ')
  const { NODE_ENV: _, ...env } = process.env
  const child = spawn(program, words, {
    cwd: folder,
    env: { ...env, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
    // npx starts a shell, and that the program: they end as a group.
    detached: true,
  })
  const exited = once(child, 'exit')
  const lines: string[] = []
  const said = new EventTarget()
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => {
    lines.push(line)
    said.dispatchEvent(new Event('line'))
  })
  const interrupt = async () => {
    signal(child, 'SIGINT')
    await exited
  }
  onTestFailed(() => console.error(`${command} had said:\n${lines.join('\n')}`))
  onTestFinished(async () => {
    signal(child, 'SIGKILL')
    await exited
  })
  return {
    async line(pattern) {
      const ended = exited.then(() => {
        throw new Error(`${command} ended, and had said:\n${lines.join('\n')}`)
      })
      // It may end later, when nobody waits for a line any more.
      ended.catch(() => {})
      for (;;) {
        const found = lines.find((line) => pattern.test(line))
        if (found !== undefined) return found
        await Promise.race([once(said, 'line'), ended])
      }
    },
    type: (line) => void child.stdin.write(`${line}\n`),
    interrupt,
  }
}

function signal({ pid, exitCode, signalCode }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, name)
}

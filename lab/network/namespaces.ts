import { execFileSync, type SpawnOptions, spawn } from 'node:child_process'

/** Namespaces of a lab are called by the process that made them: runs beside each other never collide. */
const prefix = 'nanopeer-lab-'

/** Runs a command to its end and gives what it printed; throws with what it complained of. */
const execute = (command: string, ...args: readonly string[]): string =>
  execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

/** One network namespace: a machine of its own, as far as its network goes. */
export interface Namespace {
  readonly name: string
  /** `ip` in this namespace. */
  ip(...args: readonly string[]): string
  /** Any command in this namespace, to its end. */
  execute(command: string, ...args: readonly string[]): string
  /** Starts a process in this namespace. It is ended with the namespace. */
  spawn(command: string, args: readonly string[], options: SpawnOptions): ReturnType<typeof spawn>
  /** Ends every process in this namespace at once, as a power cut would. */
  kill(): void
}

/** Makes an empty namespace, with its loopback up. */
export const createNamespace = (label: string): Namespace => {
  const name = `${prefix}${process.pid}-${label}`
  execute('ip', 'netns', 'add', name)
  const namespace: Namespace = {
    name,
    ip: (...args) => execute('ip', '-n', name, ...args),
    execute: (command, ...args) => execute('ip', 'netns', 'exec', name, command, ...args),
    spawn: (command, args, options) => spawn('ip', ['netns', 'exec', name, command, ...args], options),
    kill: () => killAll(name),
  }
  namespace.ip('link', 'set', 'lo', 'up')
  return namespace
}

/**
 * Removes every namespace of this process, and what runs in them; and those of earlier labs that were killed
 * before they could. Synchronous, so that it works while the process exits.
 */
export const removeNamespaces = (): void => {
  for (const name of existing().filter((name) => isOurs(name) || isOrphan(name))) {
    killAll(name)
    execute('ip', 'netns', 'delete', name)
  }
}

const existing = (): string[] =>
  execute('ip', 'netns', 'list')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith(prefix))

const ownerOf = (name: string): number => Number.parseInt(name.slice(prefix.length), 10)

const isOurs = (name: string): boolean => ownerOf(name) === process.pid

const isOrphan = (name: string): boolean => !signal(ownerOf(name), 0)

/** A process may start another one while it is being ended, so it is looked again until there is none. */
const killAll = (name: string): void => {
  for (let attempt = 0; attempt < 20; attempt++) {
    const pids = execute('ip', 'netns', 'pids', name).split('\n').filter(Boolean)
    if (pids.length === 0) return
    for (const pid of pids) signal(Number(pid), 'SIGKILL')
    if (attempt > 0) execute('sleep', '0.05')
  }
  throw new Error(`Processes in ${name} do not end.`)
}

/** False where there is no such process any more. */
const signal = (pid: number, name: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(pid, name)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

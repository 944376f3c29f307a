import type { Simulation } from './simulation'
import type { Task } from './tasks'

interface Run {
  count: number
  /** Neither finished nor told to stop. */
  isOpen: boolean
}

/** How often each task was handled at one device, over all its lives. */
export class Runs {
  private readonly runs = new Map<string, Run>()

  constructor(private readonly simulation: Simulation) {}

  /** Keys of handlers that run. */
  get open(): string[] {
    return [...this.runs].filter(([, { isOpen }]) => isOpen).map(([key]) => key)
  }

  countOf(key: string): number {
    return this.runs.get(key)?.count ?? 0
  }

  /** A handler begins. Returns what to call when it is done. */
  begin({ key, retry }: Task, signal: AbortSignal): () => void {
    const { simulation } = this
    const run = this.runs.get(key) ?? { count: 0, isOpen: false }
    this.runs.set(key, run)
    run.count++
    run.isOpen = true
    simulation.trace(() => `${key} is handled`)
    const mayRepeat = retry && !simulation.weather.gentle
    if (run.count > 1 && !mayRepeat) simulation.fail(`${key} is handled for the ${run.count}th time`)
    const finished = (): void => {
      run.isOpen = false
    }
    if (signal.aborted) finished()
    else signal.addEventListener('abort', finished)
    return finished
  }
}

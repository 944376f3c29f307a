import { pause, withDeadline } from '../../deadline'
import type { Claim } from '../../engine'
import { frameOfEntry } from './inbox'
import { claim, release } from './scripts'

/** Ms between attempts where it cannot be said yet whose an id is, and for how long that is tried. */
const [attemptInterval, patience] = [250, 5_000]

type Answer =
  | Claim
  | { readonly state: 'wait' }
  | { readonly state: 'forgotten'; readonly generation: number }

interface Pending {
  claims: number
  readonly waiting: (() => void)[]
}

export interface ClaimsContext {
  readonly name: string
  /** Ms in which only known owners are taken, after Redis was found empty. */
  readonly recovery: number
  run(id: string, script: typeof claim, args: readonly string[]): Promise<unknown>
  /** Whether this node holds an id by this claim. */
  holds(id: string, generation: number): boolean
  /** Ends the client of this node that holds an id by an earlier claim. */
  displace(id: string, generation: number): void
  /** Nobody waited for an answer that came too late: what came with it has to go elsewhere. */
  returned(frames: readonly string[]): void
}

/** Asks for ids, and gives them back. Neither rejects. */
export class Claims {
  readonly #context: ClaimsContext
  /** Ids that are being asked for: until the answers are known, nobody knows whose they are. */
  readonly #pending = new Map<string, Pending>()

  constructor(context: ClaimsContext) {
    this.#context = context
  }

  isPending(id: string): boolean {
    return this.#pending.has(id)
  }

  /**
   * Does something once it is known whether an id is this node's, if that is being asked.
   *
   * @param most how much may be to be done already
   * @returns false where it is not being asked, or there is too much
   */
  whenSettled(id: string, action: () => void, most = Number.POSITIVE_INFINITY): boolean {
    const pending = this.#pending.get(id)
    if (!pending || pending.waiting.length >= most) return false
    pending.waiting.push(action)
    return true
  }

  async claim(id: string, owner: string): Promise<Claim> {
    const pending = this.#pending.get(id) ?? { claims: 0, waiting: [] }
    this.#pending.set(id, pending)
    pending.claims += 1
    try {
      return await this.#attempts(id, owner)
    } finally {
      // Whoever asked has to hold the id before anybody is told that it is not held here.
      setImmediate(() => this.#settled(id, pending))
    }
  }

  release(id: string, generation: number): void {
    // Where that fails, the id is found out to be free when the next one asks for it.
    this.#context.run(id, release, [id, String(generation)]).catch(() => {})
  }

  #settled(id: string, pending: Pending): void {
    pending.claims -= 1
    if (pending.claims === 0) this.#pending.delete(id)
    for (const action of pending.waiting.splice(0)) action()
  }

  async #attempts(id: string, owner: string): Promise<Claim> {
    const end = Date.now() + patience
    do {
      const answer = await this.#attempt(id, owner, end - Date.now())
      if (answer.state === 'forgotten') this.release(id, answer.generation)
      else if (answer.state !== 'wait') return answer
      else await pause(attemptInterval)
    } while (Date.now() < end)
    return { state: 'unavailable' }
  }

  /** Asks once. An id that is granted too late is given back. */
  async #attempt(id: string, owner: string, ms: number): Promise<Answer> {
    const answered = this.#context.run(id, claim, [id, owner, String(this.#context.recovery * 1000)]).then(
      (reply) => this.#read(id, reply),
      // Redis is away; perhaps not for long.
      (): Answer => ({ state: 'wait' }),
    )
    try {
      return await withDeadline(answered, ms, 'Redis')
    } catch {
      answered.then((given) => given.state === 'granted' && this.#giveBack(id, given))
      return { state: 'unavailable' }
    }
  }

  #giveBack(id: string, { generation, waiting }: Claim & { state: 'granted' }): void {
    // Whoever was granted an id has displaced its holder, on other nodes as on this one.
    this.#context.displace(id, generation)
    this.release(id, generation)
    this.#context.returned(waiting)
  }

  #read(id: string, reply: unknown): Answer {
    const [state, value, more] = reply as [string, string?, unknown?]
    if (state === 'granted') {
      return { state, generation: Number(value), waiting: (more as string[]).map(frameOfEntry) }
    }
    if (state !== 'taken') return { state: 'wait' }
    const generation = Number(more)
    // A release that Redis never heard of: the id is free, and only Redis does not know.
    const isForgotten = value === this.#context.name && !this.#context.holds(id, generation)
    return isForgotten && this.#pending.get(id)?.claims === 1 ? { state: 'forgotten', generation } : { state }
  }
}

import type { Subject } from './subject'

/** What an actor can be asked to do: everything that a subject can, and to cut its links. */
export interface Abilities extends Omit<Subject, never> {
  /** Tears down every WebRTC connection that is open; returns how many. */
  cutLinks(): number
}

/** One request to an actor's process. */
export interface Call {
  readonly number: number
  readonly method: keyof Abilities
  readonly given: readonly unknown[]
}

/** A peer somewhere in the lab. */
export interface Actor {
  readonly id: string
  call<Method extends keyof Abilities>(
    method: Method,
    ...given: Parameters<Abilities[Method]>
  ): Promise<Awaited<ReturnType<Abilities[Method]>>>
}

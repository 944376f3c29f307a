import type { Simulation } from './simulation'

/** A plain message. */
interface Message {
  /** Counts the sender's lives. */
  readonly life: number
  readonly number: number
}

/** The plain messages of one device: numbered as they leave, checked as they come. */
export class Post {
  /** Over all lives. */
  sent = 0
  received = 0
  private last: Message | null = null

  constructor(
    private readonly simulation: Simulation,
    private readonly id: string,
  ) {}

  next(life: number): Message {
    return { life, number: this.sent++ }
  }

  /** In order, none twice; and where nothing may be lost, none left out. */
  take(value: unknown): void {
    const message = value as Message
    const { last } = this
    this.last = message
    this.received++
    if (!last) return
    const isNext = message.number === last.number + 1
    const isLater = message.number > last.number && message.life >= last.life
    if (this.simulation.weather.gentle ? isNext : isLater) return
    this.simulation.fail(`${this.id} received message ${message.number} after ${last.number}`)
  }

  /** A new life knows nothing of what came before. */
  forget(): void {
    this.last = null
  }
}

import { describe, expect, test } from 'vitest'
import {
  type Description,
  idleNegotiation,
  isSettled,
  type Negotiation,
  type NegotiationEvent,
  negotiationTransition,
} from '../../../src/engine/media/negotiation'
import { Random } from '../../simulation/random'

const offer = (sdp = ''): Description => ({ type: 'offer', sdp })
const answer = (sdp = ''): Description => ({ type: 'answer', sdp })

const after = (isPolite: boolean, ...events: NegotiationEvent[]): Negotiation | null =>
  events.reduce<Negotiation | null>(
    (state, event) => state && negotiationTransition(state, event),
    idleNegotiation(isPolite),
  )

const needed = { type: 'needed' } as const
const done = { type: 'done' } as const
const received = (description: Description) => ({ type: 'received', description }) as const

describe('negotiation', () => {
  test('an offer is made where one is needed, and is settled by its answer', () => {
    expect(after(true, needed)?.task).toEqual({ type: 'offer' })
    expect(after(true, needed, done, received(answer('a')))?.task).toEqual({
      type: 'settle',
      answer: answer('a'),
    })
    const settled = after(true, needed, done, received(answer()), done)
    expect(settled && isSettled(settled)).toBe(true)
  })

  test('where two offers meet the polite side answers, and offers again', () => {
    const met = after(true, needed, done, received(offer('theirs')))
    expect(met?.task).toEqual({ type: 'answer', offer: offer('theirs'), yields: true })
    expect(after(true, needed, done, received(offer()), done)?.task).toEqual({ type: 'offer' })
  })

  test('where two offers meet the impolite side passes over the other one', () => {
    const met = after(false, needed, done, received(offer()))
    expect(met).toMatchObject({ task: null, isOffered: true, waiting: [] })
    expect(after(false, needed, done, received(offer()), received(answer()))?.task?.type).toBe('settle')
  })

  test('what changes while an offer is out goes with another one', () => {
    const changed = after(false, needed, done, needed)
    expect(changed?.task).toBeNull()
    expect(after(false, needed, done, needed, received(answer()), done)?.task).toEqual({ type: 'offer' })
  })

  test('what comes while something is done waits', () => {
    expect(after(false, needed, received(offer()))?.task).toEqual({ type: 'offer' })
    expect(after(true, received(offer('1')), received(offer('2')), done)?.task).toMatchObject({
      offer: offer('2'),
      yields: false,
    })
  })

  test('an answer to nothing is no transition', () => {
    expect(after(false, received(answer()))).toBeNull()
    expect(after(true, needed, done, received(offer()), received(answer()), done)).toBeNull()
  })
})

/** One side of a model: what it sends is a version, and it knows the version of the other. */
class Side {
  state: Negotiation
  version = 0
  knows = 0
  /** What the offer that is out would tell. */
  private offered = 0
  /** Steps until the task is done. */
  private left = 0
  readonly outbox: Description[] = []

  constructor(
    isPolite: boolean,
    private readonly random: Random,
  ) {
    this.state = idleNegotiation(isPolite)
  }

  feed(event: NegotiationEvent): void {
    const { task } = this.state
    const next = negotiationTransition(this.state, event)
    if (!next) throw new Error('An answer to nothing.')
    this.state = next
    if (next.task === null || next.task === task) return
    this.left = this.random.between(0, 3)
    // A browser takes what there is to say when it begins.
    if (next.task.type === 'offer') this.offered = this.version
  }

  change(): void {
    this.version++
    this.feed(needed)
  }

  work(): void {
    const { task } = this.state
    if (!task || this.left-- > 0) return
    if (task.type === 'offer') this.outbox.push(offer(`${this.offered}`))
    if (task.type === 'answer') {
      this.knows = Number(task.offer.sdp)
      this.outbox.push(answer(`${this.version}`))
    }
    this.feed(done)
  }
}

test('two sides that change at any time end up knowing each other (20,000 seeds)', () => {
  const failed: number[] = []
  let met = 0
  for (let seed = 1; seed <= 20_000; seed++) {
    const random = new Random(seed)
    const sides = [new Side(true, random), new Side(false, random)] as const
    const wires: Description[][] = [[], []]
    const step = () => {
      sides.forEach((side, index) => {
        side.work()
        if (side.state.task?.type === 'answer' && side.state.task.yields) met++
        wires[index]?.push(...side.outbox.splice(0))
        const arrived = random.chance(0.4) ? wires[1 - index]?.shift() : undefined
        if (arrived) side.feed(received(arrived))
      })
    }
    for (let steps = random.between(5, 60); steps > 0; steps--) {
      for (const side of sides) if (random.chance(0.2)) side.change()
      step()
    }
    for (let steps = 0; steps < 400; steps++) step()
    const agree = sides.every((side, index) => {
      const other = sides[1 - index] as Side
      return isSettled(side.state) && side.knows === other.version
    })
    if (!agree) failed.push(seed)
  }
  expect(failed).toEqual([])
  expect(met).toBeGreaterThan(1000)
})

import { describe, expect, it } from 'vitest'
import { MessageCredit } from '../../src/clients/message-credit'

const spend = (credit: MessageCredit, times: number, now: number) => {
  let pause = 0
  for (let spent = 0; spent < times; spent += 1) pause = credit.spend(now)
  return pause
}

describe('the credit of a client', () => {
  it('lets ten seconds’ worth through at once, and then makes it wait', () => {
    const credit = new MessageCredit(100, 0)
    expect(spend(credit, 1000, 0)).toBe(0)
    expect(credit.spend(0)).toBe(10)
    expect(spend(credit, 99, 0)).toBe(1000)
  })

  it('is earned again as time passes, and no further than ten seconds’ worth', () => {
    const credit = new MessageCredit(100, 0)
    spend(credit, 1000, 0)
    expect(spend(credit, 50, 500)).toBe(0)
    expect(spend(credit, 1000, 3_600_000)).toBe(0)
    expect(credit.spend(3_600_000)).toBeGreaterThan(0)
  })

  it('never makes a client wait for over five seconds at once', () => {
    expect(spend(new MessageCredit(1, 0), 10_000, 0)).toBe(5_000)
  })

  it('is not lost when the clock is set back', () => {
    const credit = new MessageCredit(100, 1000)
    expect(spend(credit, 10, 0)).toBe(0)
  })
})

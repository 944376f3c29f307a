import { type Clock, systemClock } from './clock'
import { NanopeerError } from './errors'

/** How long a function of the application's may take, ms: longer than a slow server behind it, shorter than a dial. */
const answerTimeout = 10_000

/**
 * What a function of the application's answers: nothing of ours waits for ever for it.
 *
 * @param name how the error names it
 * @throws `NanopeerError` `TIMEOUT` where it does not answer; whatever it throws itself
 */
export const inTime = async <Value>(
  name: string,
  ask: () => Value | PromiseLike<Value>,
  clock: Clock = systemClock,
  timeout = answerTimeout,
): Promise<Value> => {
  let stopTimer = () => {}
  const late = new Promise<never>((_, reject) => {
    stopTimer = clock.after(timeout, () => {
      reject(new NanopeerError('TIMEOUT', `${name} did not answer within ${timeout} ms.`))
    })
  })
  try {
    return await Promise.race([ask(), late])
  } finally {
    stopTimer()
  }
}

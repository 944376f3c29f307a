import { createAnswer } from '../base/answer-response'
import { isAsyncIterable, isResponse } from '../base/body'
import { NanopeerError } from '../base/errors'

/** Called once: with null when an answer was received to its end, else with what stopped it. */
type Ended = (error: unknown) => void

/**
 * Tells when an answer that is yet to be read has been: the body of a `Response`, or a series of events.
 *
 * @returns the answer to hand on in its place; null for a value, which is complete when it is there.
 */
export function watchAnswer<Answer>(answer: Answer, ended: Ended): Answer | null {
  if (isResponse(answer) && answer.body) return watchResponse(answer, answer.body, ended) as Answer
  if (isAsyncIterable(answer)) return watchEvents(answer, ended) as Answer
  return null
}

const givenUp = () => new NanopeerError('ABORTED', 'The answer was not read to its end.')

function watchResponse(answer: Response, source: ReadableStream<Uint8Array>, ended: Ended): Response {
  const reader = source.getReader()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read()
          if (!done) return controller.enqueue(value)
          controller.close()
          ended(null)
        } catch (error) {
          controller.error(error)
          ended(error)
        }
      },
      cancel(reason) {
        ended(givenUp())
        return reader.cancel(reason)
      },
    },
    // Nothing is read ahead: the reader sets the pace, all the way to the device.
    { highWaterMark: 0 },
  )
  return createAnswer(body, answer)
}

async function* watchEvents(events: AsyncIterable<unknown>, ended: Ended): AsyncGenerator<unknown> {
  try {
    yield* events
    ended(null)
  } catch (error) {
    ended(error)
    throw error
  } finally {
    ended(givenUp())
  }
}

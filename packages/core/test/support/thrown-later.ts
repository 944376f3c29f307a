import { onTestFinished, vi } from 'vitest'

/** What is thrown in a microtask of its own, where nobody could catch it: until the test is over it lands here. */
export const catchThrownLater = (): readonly unknown[] => {
  const errors: unknown[] = []
  const thrown = vi.spyOn(globalThis, 'queueMicrotask')
  onTestFinished(() => thrown.mockRestore())
  thrown.mockImplementation((run) => {
    void Promise.resolve()
      .then(run)
      .catch((error) => errors.push(error))
  })
  return errors
}

/** Runs tasks one after another, in the order they came. */
export const createQueue = () => {
  let last: Promise<unknown> = Promise.resolve()
  return (task: () => Promise<void>): Promise<void> => {
    const run = last.then(task)
    last = run
    return run
  }
}

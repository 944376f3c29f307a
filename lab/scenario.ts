import { Lab, type LabOptions } from './lab'
import { removeNamespaces } from './network/namespaces'

/** Prints one thing that was seen. */
export type Saw = (text: string) => void

/** One line of the lab's table. */
export interface Scenario extends LabOptions {
  /** A sentence: what must hold. */
  readonly name: string
  /** Throws where it does not hold. */
  run(lab: Lab, saw: Saw): Promise<void>
}

/** Seconds after which a scenario that still runs has failed. */
const deadline = 240

/** Runs one scenario in a lab of its own, which is removed whatever happens. Returns whether it passed. */
export const runScenario = async (scenario: Scenario): Promise<boolean> => {
  console.log(`\n• ${scenario.name}`)
  const begun = Date.now()
  const seconds = () => `${((Date.now() - begun) / 1000).toFixed(1)} s`
  try {
    const lab = await Lab.build(scenario)
    await inTime(scenario.run(lab, (text) => console.log(`    ${text}`)))
    console.log(`  passed in ${seconds()}`)
    return true
  } catch (error) {
    console.log(`  FAILED after ${seconds()}: ${error instanceof Error ? error.stack : String(error)}`)
    return false
  } finally {
    // Also what a lab that could not be built has left.
    removeNamespaces()
  }
}

const inTime = (run: Promise<void>): Promise<void> =>
  new Promise((resolve, reject) => {
    const late = () => reject(new Error(`Still running after ${deadline} s.`))
    const timer = setTimeout(late, deadline * 1000)
    run.then(resolve, reject).finally(() => clearTimeout(timer))
  })

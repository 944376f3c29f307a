import type { Peer } from '@nanopeer/core'
import { takeInvitation } from '../shared/invitation'
import { $isPaired, lookWhetherPaired } from '../shared/paired'

/** Waits until this browser is paired with the device, and lets somebody type the code until it is. */
export const letIn = async (peer: Peer): Promise<void> => {
  await lookWhetherPaired()
  if ($isPaired.get()) return
  const door = document.querySelector('.door') as HTMLElement
  const form = door.querySelector('form') as HTMLFormElement
  const code = form.querySelector('input') as HTMLInputElement
  const problem = form.querySelector('[role=alert]') as HTMLElement
  code.value = takeInvitation()
  door.hidden = false
  await new Promise<void>((resolve) => {
    form.addEventListener('submit', async (event) => {
      event.preventDefault()
      problem.textContent = ''
      try {
        await joined(peer, code.value)
        resolve()
      } catch (error) {
        problem.textContent = (error as Error).message
      }
    })
  })
  door.remove()
  await lookWhetherPaired()
}

/** Resolves when it is paired. A device that was set up anew has another key: whoever sits here knows whether it was. */
const joined = (peer: Peer, code: string): Promise<unknown> => {
  const { $state, done, replace, cancel } = peer.join(code)
  $state.listen(({ status }) => {
    if (status !== 'asking') return
    if (confirm('The device has another key than this browser knows. Was it set up anew?')) replace()
    else cancel()
  })
  return done
}

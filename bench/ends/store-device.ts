/** The commands of a Node device that shares a store. */
import { share } from '@nanopeer/core'
import { createPeer } from '@nanopeer/node'
import { map } from 'nanostores'
import type { Meeting } from './contestant'
import { echo, optionsOf } from './nanopeer'
import { change, changing, fieldsOf, state, tell } from './shared-state'

const $state = map(fieldsOf(0))

export const storeDevice = {
  async shareStore(meeting: Meeting): Promise<void> {
    const peer = createPeer(meeting.deviceId, optionsOf(meeting))
    share(peer, state, $state)
    peer.handle(echo, (value) => value)
    peer.handle(change, (n) => $state.setKey(changing, n))
    peer.handle(tell, (n) => {
      for (const connection of peer.$connections.get())
        void connection.send({ n, set: { [changing]: n }, gone: [] })
    })
    await peer.open()
  },
  /** Changes the state so often a second, for so many ms; returns the last value. */
  async churn(perSecond: number, duration: number): Promise<number> {
    const start = performance.now()
    let made = 0
    while (made < (duration / 1000) * perSecond) {
      // By the clock: a timer that is late is caught up with.
      const due = ((performance.now() - start) / 1000) * perSecond
      while (made < due) $state.setKey(changing, ++made)
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    return made
  },
  /** Ms that the process has computed, in all of its threads. */
  async worked(): Promise<number> {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  },
}

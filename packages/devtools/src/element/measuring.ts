import type { Connection } from '@nanopeer/core'
import type { Recorder } from '../record/recorder'

/** Each is pinged once a second: a device with a thousand remotes is not to be busy with that. */
const mostMeasured = 20

/** Has the figures of connections kept up to date while the panel is open. */
export class Measuring {
  private readonly undos = new Map<Connection, () => void>()

  follow(recorder: Recorder): void {
    const wanted = new Map<Connection, () => () => void>()
    for (const { connections, inspection, status } of recorder.peers.values()) {
      if (status.state === 'destroyed') continue
      for (const { connection, isListed } of connections.values()) {
        if (isListed && wanted.size < mostMeasured)
          wanted.set(connection, () => inspection.measure(connection))
      }
    }
    for (const [connection, undo] of this.undos) {
      if (wanted.has(connection)) continue
      undo()
      this.undos.delete(connection)
    }
    for (const [connection, measure] of wanted) {
      if (!this.undos.has(connection)) this.undos.set(connection, measure())
    }
  }

  stop(): void {
    for (const undo of this.undos.values()) undo()
    this.undos.clear()
  }
}

import { type Connection, createPeer, type DevtoolsHook, type Peer } from '@nanopeer/core'
import { createTestNetwork, type TestNetwork } from '@nanopeer/core/testing'
import { afterEach, vi } from 'vitest'
import { Faults } from '../src/faults/faults'
import { Recorder } from '../src/record/recorder'

/** Two peers on a network in memory, and the recorder that looks on. */
export interface World {
  readonly network: TestNetwork
  readonly recorder: Recorder
  readonly faults: Faults
  readonly device: Peer
  readonly laptop: Peer
  /** The laptop's, to the device. */
  readonly connection: Connection
}

const undos: (() => unknown)[] = []

afterEach(async () => {
  for (const undo of undos.splice(0).reverse()) await undo()
})

/** How long anything may take on a busy machine, ms. */
const patience = { timeout: 15_000, interval: 5 }

export const eventually = <Result>(look: () => Result): Promise<Result> => vi.waitFor(look, patience)

/** Core's hook, as the entry of the package finds it. */
const hook = (): DevtoolsHook => {
  const scope = globalThis as unknown as { [name: symbol]: DevtoolsHook | undefined }
  const name = Symbol.for('nanopeer.devtools')
  scope[name] ??= { sources: [] }
  return scope[name]
}

/** @param limits of the device */
export const createWorld = async (limits: { readonly sessions?: number } = {}): Promise<World> => {
  const network = createTestNetwork()
  const { transport } = network
  const faults = new Faults()
  hook().wrapTransport = (given) => faults.wrap(given)
  const quiet = { onError: () => {} }
  const device = createPeer('device', { transport, accept: 'anyone', limits, ...quiet })
  const laptop = createPeer('laptop', { transport, accept: 'anyone', ...quiet })
  const recorder = new Recorder()
  for (const source of hook().sources) undos.push(recorder.attach(source))
  undos.push(async () => {
    faults.heal()
    await Promise.all([device.destroy(), laptop.destroy()])
    delete hook().wrapTransport
  })
  await device.open()
  return { network, recorder, faults, device, laptop, connection: laptop.connect('device') }
}

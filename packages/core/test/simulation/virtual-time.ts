import { loadProofs } from '../../src/engine/handshake/steps'
import { loadPairing } from '../../src/peer/load-pairing'
import { createTestNetwork, type TestNetwork } from '../../testing'
import { VirtualClock } from '../support/virtual-clock'
import { VirtualCrypto } from '../support/virtual-crypto'
import { Random } from './random'

/** What takes time in a run, the network and the cryptography, as quick or slow as its seed has it. */
export class VirtualTime {
  readonly random: Random
  readonly net: TestNetwork
  private readonly clock = new VirtualClock()
  private readonly crypto: VirtualCrypto

  constructor(seed: number) {
    // Other numbers than those of the run itself: what is done does not hang on how long it takes.
    this.random = new Random(~seed)
    this.net = createTestNetwork({ clock: this.clock, delay: this.random.pick([0, 0, 1, 20]) })
    this.crypto = new VirtualCrypto(this.clock, this.random, this.random.pick([1, 5, 50]))
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve))
  }

  /** @throws what `play` throws, or that it never ends, or that it leaves timers behind. */
  async run(play: () => Promise<void>): Promise<void> {
    const { clock, net } = this
    // Virtual time does not wait for files.
    await Promise.all([
      loadProofs(),
      import('../../src/engine/handshake/offer-proof'),
      loadPairing(net.transport),
    ])
    const { random } = Math
    // Back-off draws its jitter from here; a run must be the same each time.
    Math.random = () => this.random.next()
    const uninstall = this.crypto.install()
    try {
      await clock.settled(play())
      await clock.advance(120_000)
      if (clock.pending > 0) throw new Error(`${clock.pending} timers are left behind`)
    } finally {
      uninstall()
      Math.random = random
    }
  }
}

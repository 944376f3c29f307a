import type { Transport } from '../../src/base/transport'
import { createTestNetwork, type TestNetwork } from '../../testing'
import { VirtualClock } from '../support/virtual-clock'
import { Device } from './device'
import { type Fault, planFaults } from './faults'
import { Random } from './random'
import { watchTransport } from './watch-transport'
import { planWork, type Work } from './work'

/** How rough a simulated run is. */
export interface Weather {
  /** Outages are shorter than the session is kept, and nobody restarts: everything must succeed. */
  readonly gentle: boolean
  /** Ms over which work and faults are spread. */
  readonly span: number
  readonly delay: number
  readonly rate: number | null
  /** Both sides connect, so both redial. */
  readonly both: boolean
  readonly unacknowledged: number
  readonly resumeTimeout: number
}

const KiB = 1024
/** A channel holds 256 KiB of bulk, twice that with small frames, and the message that went over it. */
const maxBuffered = 768 * KiB
/** A session goes over its bound by one message; and all answers may wait at once, 40 kB each, or a chunk read ahead of each. */
const maxOver = 256 * KiB + 8 * 40 * KiB + 8 * 100 * KiB

const weatherOf = (random: Random): Weather => {
  const gentle = random.chance(0.7)
  return {
    gentle,
    span: random.pick([20, 200, 2000, 8000]),
    delay: random.pick([0, 1, 20, 100]),
    rate: random.pick([null, null, 5_000_000, 300_000]),
    both: random.chance(0.5),
    unacknowledged: random.pick([64 * KiB, 256 * KiB, 8 * KiB * KiB]),
    resumeTimeout: gentle ? 3_600_000 : random.pick([2000, 30_000]),
  }
}

/** One run: two devices, a network between them, and what happens to all three. */
export class Simulation {
  readonly random: Random
  readonly clock = new VirtualClock()
  readonly net: TestNetwork
  readonly transport: Transport
  readonly weather: Weather
  readonly devices: readonly [Device, Device]
  /** What went wrong, first things first. */
  readonly failures: string[] = []
  /** What happened, where it is wanted. */
  readonly history: string[] = []
  private sends = 0
  private readonly work: readonly Work[]
  private readonly faults: readonly Fault[]

  constructor(
    readonly seed: number,
    private readonly verbose = false,
  ) {
    this.random = new Random(seed)
    this.weather = weatherOf(this.random)
    const { delay, rate } = this.weather
    this.net = createTestNetwork({ clock: this.clock, delay, rate })
    this.transport = watchTransport(this.net.transport, (link) => {
      if (link.bufferedAmount > maxBuffered) this.fail(`a link holds ${link.bufferedAmount} bytes`)
      if (this.sends++ % 8 !== 0) return
      for (const { id, heldBytes } of this.devices) {
        if (heldBytes > this.weather.unacknowledged + maxOver) this.fail(`${id} holds ${heldBytes} bytes`)
      }
    })
    this.devices = [new Device(this, 'a', 'b'), new Device(this, 'b', 'a')]
    this.work = planWork(this.random, this.weather)
    this.faults = planFaults(this.random, this.weather)
    this.trace(() => JSON.stringify(this.weather))
  }

  /** @throws with everything that was not as it must be. */
  async run(): Promise<void> {
    const random = Math.random
    // Back-off draws its jitter from here; a run must be the same each time.
    Math.random = () => this.random.next()
    try {
      for (const device of this.devices) device.start()
      await this.toTheEnd()
    } catch (error) {
      this.fail(error instanceof Error ? (error.stack ?? error.message) : String(error))
    } finally {
      Math.random = random
    }
    if (this.failures.length > 0) {
      throw new Error(
        `Seed ${this.seed} failed (SEED=${this.seed} replays it):\n${this.failures.slice(0, 5).join('\n')}`,
      )
    }
  }

  trace(line: () => string): void {
    if (this.verbose) this.history.push(`${this.clock.now().toFixed(2).padStart(10)} ${line()}`)
  }

  fail(what: string): void {
    this.trace(() => `FAILED ${what}`)
    this.failures.push(`at ${this.clock.now().toFixed(2)} ms: ${what}`)
  }

  /** Resolves after `ms`. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => this.clock.after(ms, resolve))
  }

  private async toTheEnd(): Promise<void> {
    if (this.weather.gentle) {
      // A first dial that fails rejects what waits for it; from then on nothing may be lost.
      const connected = () => this.devices.every((device) => device.isConnected)
      await this.until(connected, () => 'the two were never connected')
    }
    let open = this.work.length
    for (const work of this.work) {
      this.clock.after(work.at, async () => {
        await this.device(work.side).perform(work)
        open--
      })
    }
    let faults = this.faults.length
    for (const fault of this.faults) {
      this.clock.after(fault.at, async () => {
        await this.inflict(fault)
        faults--
      })
    }
    await this.until(
      () => open === 0 && faults === 0,
      () => `${open} pieces of work are left`,
    )
    if (this.weather.gentle) {
      await this.until(
        () => this.devices.every(({ missing }) => missing === 0),
        () => `messages are missing: ${this.devices.map(({ missing }) => missing).join(' and ')}`,
      )
    }
    await this.until(
      () => this.devices.every(({ left }) => left === ''),
      () => `${this.devices.map(({ left }) => left).join(', ')}`,
    )
    let destroyed = 0
    for (const device of this.devices) void device.stop().then(() => destroyed++)
    await this.until(
      () => destroyed === 2,
      () => 'a peer was not destroyed',
    )
    await this.clock.advance(120_000)
    if (this.clock.pending > 0) this.fail(`${this.clock.pending} timers are left behind`)
  }

  private async until(condition: () => boolean, explain: () => string): Promise<void> {
    try {
      await this.clock.runUntil(condition, 600_000)
    } catch (error) {
      throw new Error(`${(error as Error).message} ${explain()}`)
    }
  }

  private async inflict(fault: Fault): Promise<void> {
    this.trace(() => `fault ${JSON.stringify(fault)}`)
    switch (fault.kind) {
      case 'cut':
        this.net.cut('a', 'b', fault.options)
        await this.wait(fault.length)
        return this.net.heal('a', 'b')
      case 'signalling':
        this.net.signalling('down')
        await this.wait(fault.length)
        return this.net.signalling('up')
      case 'restart':
        return this.device(fault.side).restart(fault.length)
      case 'reconnect':
        return this.device(fault.side).connection?.reconnect()
    }
  }

  private device(side: number): Device {
    return this.devices[side] as Device
  }
}

import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Counts } from './counts'
import type { Engine } from './engine'

/** What {@link createMetrics} reads, whenever somebody asks. */
export interface MetricsSource {
  readonly counts: Counts
  readonly engine: Engine
  clients(): number
  isReady(): boolean
}

let ofProcess: Registry | undefined

/** Made once: a process has one heap and one event loop, and prom-client never stops looking at them. */
const processMetrics = (): Registry => {
  if (!ofProcess) {
    ofProcess = new Registry()
    collectDefaultMetrics({ register: ofProcess })
  }
  return ofProcess
}

/** This node's numbers, in Prometheus' format. Nothing in them names a client. */
export const createMetrics = ({ counts, engine, clients, isReady }: MetricsSource): Registry => {
  const registry = new Registry()
  const registers = [registry]

  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })

  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(read())
      },
    })

  const counters = <Label extends string>(name: string, help: string, read: ReadonlyMap<Label, number>) =>
    new Counter({
      name,
      help,
      registers,
      labelNames: ['reason'],
      collect() {
        this.reset()
        for (const [reason, value] of read) this.inc({ reason }, value)
      },
    })

  gauge('nanopeer_clients', 'Registered clients of this node.', clients)
  gauge('nanopeer_ready', '1 while this node takes clients.', () => Number(isReady()))
  counter('nanopeer_registrations_total', 'Clients registered.', () => counts.registered)
  counters('nanopeer_refusals_total', 'Sockets that did not become clients.', counts.refused)
  counters('nanopeer_closes_total', 'Clients that the server disconnected.', counts.closed)
  counter('nanopeer_messages_total', 'Messages received from clients.', () => counts.received)
  counter('nanopeer_messages_local_total', 'Messages for clients of this node.', () => counts.relayed)
  counter('nanopeer_messages_dropped_total', 'Messages for clients too far behind.', () => counts.dropped)
  counter('nanopeer_messages_forwarded_total', 'Messages sent to other nodes.', () => engine.counts.forwarded)
  counter('nanopeer_messages_queued_total', 'Messages that waited for a client.', () => engine.counts.queued)
  counter('nanopeer_messages_expired_total', 'EXPIREs: waited for in vain.', () => engine.counts.expired)
  counter('nanopeer_pauses_total', 'Times a client sent too much and was made to wait.', () => counts.paused)
  return Registry.merge([processMetrics(), registry])
}

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'
import { type Cable, type Line, layCable } from '../../lab/network/cable'
import { createInternet, serverAddress, serverAddresses } from '../../lab/network/internet'
import { createNamespace, type Namespace, removeNamespaces } from '../../lab/network/namespaces'
import { chromiumArguments, findChromium } from '../../scripts/chromium.mjs'
import type { Commands } from '../ends/commands'
import type { Bench } from './bench'
import { startChild } from './child'
import { openPage, type PageEnd } from './end'
import { costsOf, type MachineCosts } from './machine-costs'
import tcpFlow from './tcp.py'

/** What such a page can be told besides: to tear down its links. */
type PathCommands = Commands & { cutLinks(): number }

/** Two pages, each in a browser on a machine of its own, and a signalling server: each as far from each as the line says. */
export interface LongPath {
  readonly ends: { readonly asker: PageEnd<PathCommands>; readonly device: PageEnd<PathCommands> }
  readonly cable: Cable
  /** To connect contestants here, and not on loopback. */
  readonly bench: Pick<Bench, 'meeting' | 'connect' | 'quick' | 'rounds' | 'say'>
  /** One TCP flow from the device's machine to the asker's, for so many seconds: bytes per second. */
  tcp(seconds: number): Promise<number>
  /** What both machines have spent so far. */
  costs(): MachineCosts
}

const deviceAddress = '203.0.113.2'

/** Why there can be no long path here; null where there can. */
export const obstacleToLongPath = (): string | null =>
  process.platform === 'linux' && process.getuid?.() === 0
    ? null
    : 'It needs root on Linux, for network namespaces of its own.'

/** Lays a line between machines of its own, and takes all of it away when `use` is done. */
export async function withLongPath<Outcome>(
  bench: Bench,
  line: Line,
  use: (path: LongPath) => Promise<Outcome>,
): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'nanopeer-bench-'))
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true }), removeNamespaces]
  try {
    const server = createInternet(false)
    const [asker, device] = [createNamespace('asker'), createNamespace('answerer')]
    const machines = [
      { machine: server, addresses: serverAddresses },
      { machine: asker, addresses: ['203.0.113.1'] },
      { machine: device, addresses: [deviceAddress] },
    ]
    const cable = await layCable(machines, line)
    undo.push(cable.remove)
    // A browser offers the address from which it would go elsewhere.
    for (const { machine } of machines.slice(1)) machine.ip('route', 'replace', 'default', 'dev', 'wan')
    const start = async (script: string, machine: Namespace, address: string) => {
      const child = await startChild<number>(script, { args: [address], machine: machine.name })
      undo.push(child.stop)
      return child.ready
    }
    const signalling = await start('./harness/signalling-server.worker.mjs', server, serverAddress)
    const relay = await start('./harness/web-server.worker.mjs', server, serverAddress)
    // A page of one's own machine is a secure context, which a secret needs.
    const open = async (machine: Namespace) => {
      const port = await start('./harness/web-server.worker.mjs', machine, '127.0.0.1')
      const browser = await launchIn(machine, folder)
      undo.push(() => browser.close())
      return openPage<PathCommands>(browser, { origin: `http://127.0.0.1:${port}` }, 'ends/path.js')
    }
    const [askingPage, answeringPage] = [await open(asker), await open(device)]
    const ends = { asker: askingPage, device: answeringPage }
    const meeting: Bench['meeting'] = (bulk) => ({
      ...bench.meeting(bulk),
      deviceId: `device-${randomUUID()}`,
      signalling: { host: serverAddress, port: signalling, path: '/' },
      relay: `ws://${serverAddress}:${relay}/relay`,
    })
    return await use({
      ends,
      cable,
      bench: { ...bench, meeting, connect: bench.connectBy(meeting) },
      tcp: await startTcp(asker, device, undo),
      costs: () => costsOf([asker, device]),
    })
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

/** A sender of TCP; nothing flows until somebody reads. */
async function startTcp(
  reader: Namespace,
  sender: Namespace,
  undo: (() => unknown)[],
): Promise<LongPath['tcp']> {
  const start = (machine: Namespace, ...args: readonly string[]) =>
    machine.spawn('python3', ['-c', tcpFlow, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const printedBy = async ({ stdout }: ReturnType<Namespace['spawn']>) =>
    String((await once(stdout as NodeJS.EventEmitter, 'data'))[0]).trim()
  const sending = start(sender, 'send', deviceAddress)
  undo.push(() => sending.kill())
  const port = await printedBy(sending)
  return async (seconds) =>
    Number(await printedBy(start(reader, 'read', deviceAddress, port, String(seconds)))) / seconds
}

/** Playwright drives a browser over a pipe, so that it does not matter where that runs. */
async function launchIn(machine: Namespace, folder: string): Promise<Browser> {
  const launcher = join(folder, machine.name)
  writeFileSync(launcher, `#!/bin/sh\nexec ip netns exec ${machine.name} ${await findChromium()} "$@"\n`)
  chmodSync(launcher, 0o755)
  return chromium.launch({ executablePath: launcher, args: chromiumArguments })
}

import { type Browser, startBrowser, type Tab } from './actors/browser'
import { type NodeDevice, startNodeDevice } from './actors/node-device'
import type { ActorSettings } from './actors/settings'
import {
  type SignallingKind,
  type SignallingServer,
  signallingPort,
  startSignallingServer,
} from './actors/signalling-server'
import { startTurnServer, type TurnCredentials } from './actors/turn-server'
import { type Cable, type Line, layCable } from './network/cable'
import { createHome, type Home, type NatKind, routeOut } from './network/home'
import { createInternet, serverAddress, serverAddresses } from './network/internet'
import type { Namespace } from './network/namespaces'

/** What stands in front of the devices, and what helps them. */
export interface LabOptions {
  /** Both homes' NAT. */
  readonly nat: NatKind
  /** What lies between the homes and the servers, each from each. @default next to each other */
  readonly line?: Line
  /** @default 'lasting' */
  readonly turn?: TurnCredentials
  /** @default '@nanopeer/server' */
  readonly signalling?: SignallingKind
  /** Milliseconds that a session without a link is kept, where waiting nanopeer's own time shows nothing more. */
  readonly resumeTimeout?: number
}

/** The id that the page has, and the device's. */
const pageId = 'page'
export const deviceId = 'device'

/** Two homes on one internet, with a signalling server and a STUN and TURN server on it. */
export class Lab {
  private constructor(
    readonly internet: Namespace,
    /** Where the page is. */
    readonly pageHome: Home,
    /** Where the Node device is. */
    readonly deviceHome: Home,
    public signallingServer: SignallingServer,
    /** Where a line was asked for. */
    readonly cable: Cable | null,
    private readonly resumeTimeout: number | undefined,
  ) {}

  static async build({ nat, line, turn = 'lasting', signalling, resumeTimeout }: LabOptions): Promise<Lab> {
    const internet = createInternet(line === undefined)
    const here = line ? null : internet
    const [pageHome, deviceHome] = [createHome(here, 1, nat), createHome(here, 2, nat)]
    const cable = line ? await layToHomes(internet, [pageHome, deviceHome], line) : null
    const [signallingServer] = await Promise.all([
      startSignallingServer(internet, signalling),
      startTurnServer(internet, turn),
    ])
    return new Lab(internet, pageHome, deviceHome, signallingServer, cable, resumeTimeout)
  }

  /** What actors are told; `iceServers` is what most scenarios are about. */
  settings(id: string, iceServers: ActorSettings['iceServers']): ActorSettings {
    const server = { host: serverAddress, port: signallingPort, secure: false }
    return { id, iceServers, server, resumeTimeout: this.resumeTimeout }
  }

  /** Starts a browser, in its home. */
  startBrowser(home = this.pageHome): Promise<Browser> {
    return startBrowser(home.device)
  }

  /** Two browsers with a tab each, one in the device's place; both registered, neither connected. */
  async startPages(iceServers: ActorSettings['iceServers']): Promise<{ page: Tab; device: Tab }> {
    const open = async (home: Home, id: string) =>
      (await this.startBrowser(home)).open(this.settings(id, iceServers))
    const [page, device] = await Promise.all([open(this.pageHome, pageId), open(this.deviceHome, deviceId)])
    return { page, device }
  }

  /** A browser with one tab, and the device; both registered, neither connected. */
  async startBoth(iceServers: ActorSettings['iceServers']): Promise<{ page: Tab; device: NodeDevice }> {
    const [page, device] = await Promise.all([
      this.startBrowser().then((browser) => browser.open(this.settings(pageId, iceServers))),
      this.startDevice(iceServers),
    ])
    return { page, device }
  }

  startDevice(iceServers: ActorSettings['iceServers'], id = deviceId): Promise<NodeDevice> {
    return startNodeDevice(this.deviceHome.device, this.settings(id, iceServers))
  }
}

/** One cable between all: whoever talks to whom is as far away. */
async function layToHomes(internet: Namespace, homes: readonly Home[], line: Line): Promise<Cable> {
  const routers = homes.map(({ router, address }) => ({ machine: router, addresses: [address] }))
  const cable = await layCable([{ machine: internet, addresses: serverAddresses }, ...routers], line)
  for (const { router } of homes) routeOut(router)
  return cable
}

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
import { createHome, type Home, type NatKind } from './network/home'
import { createInternet, serverAddress } from './network/internet'
import type { Namespace } from './network/namespaces'

/** What stands in front of the devices, and what helps them. */
export interface LabOptions {
  /** Both homes' NAT. */
  readonly nat: NatKind
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
    private readonly resumeTimeout: number | undefined,
  ) {}

  static async build({ nat, turn = 'lasting', signalling, resumeTimeout }: LabOptions): Promise<Lab> {
    const internet = createInternet()
    const pageHome = createHome(internet, 1, nat)
    const deviceHome = createHome(internet, 2, nat)
    const [signallingServer] = await Promise.all([
      startSignallingServer(internet, signalling),
      startTurnServer(internet, turn),
    ])
    return new Lab(internet, pageHome, deviceHome, signallingServer, resumeTimeout)
  }

  /** What actors are told; `iceServers` is what most scenarios are about. */
  settings(id: string, iceServers: ActorSettings['iceServers']): ActorSettings {
    const server = { host: serverAddress, port: signallingPort, secure: false }
    return { id, iceServers, server, resumeTimeout: this.resumeTimeout }
  }

  /** Starts the browser, in its home. */
  startBrowser(): Promise<Browser> {
    return startBrowser(this.pageHome.device)
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

import type { ActionLike, AnswerOf, ConnectionStats } from '@nanopeer/core'
import type {
  ActionArguments,
  ActionView,
  ConnectionArguments,
  ConnectionsArguments,
  ConnectionsView,
  ConnectionView,
  EventsActionLike,
  HandlerArguments,
  JoinView,
  MediaActionLike,
  MediaArguments,
  MediaState,
  MessagesArguments,
  PairingArguments,
  PairingView,
  PeerArguments,
  PeerView,
  RemoteStoreArguments,
  RemoteStoreView,
  RequestArguments,
  RequestsArguments,
  RequestsView,
  RequestView,
  RunActionLike,
  ShareArguments,
  StatsArguments,
  StoreArgument,
  SubscriptionArguments,
  SubscriptionState,
  ValueActionLike,
} from '@nanopeer/core/adapter'

/**
 * An adapter's hooks under one signature: each takes a function that gives its arguments, and gives an object whose
 * fields are those of now.
 */
export interface Hooks {
  /** The body of a component runs for each render (React), or once, and what it reads is that of now. */
  readonly rendersAnew: boolean
  usePeer(given: () => PeerArguments): PeerView
  usePairing(given: () => PairingArguments): PairingView
  useJoin(given: () => PairingArguments): JoinView
  useConnection(given: () => ConnectionArguments): ConnectionView
  useConnections(given: () => ConnectionsArguments): ConnectionsView
  useRequests(given: () => RequestsArguments): RequestsView
  useMessages<Value>(given: () => MessagesArguments<Value>): void
  useStats(given: () => StatsArguments): ConnectionStats
  useRequest<A extends ValueActionLike>(given: () => RequestArguments<A>): RequestView<AnswerOf<A>>
  useAction<A extends RunActionLike>(given: () => ActionArguments<A>): ActionView<A>
  useSubscription<A extends EventsActionLike, Data>(
    given: () => SubscriptionArguments<A, Data>,
  ): SubscriptionState<Data>
  useMedia<A extends MediaActionLike>(given: () => MediaArguments<A>): MediaState
  useRemoteStore<Value>(given: () => RemoteStoreArguments<Value>): RemoteStoreView<Value>
  useShare<Value>(given: () => ShareArguments<Value>): void
  useHandler<A extends ActionLike>(given: () => HandlerArguments<A>): void
  useStore<Value>(given: () => readonly [$store: StoreArgument<Value>]): {
    readonly current: Value | undefined
  }
}

/** A component, in no framework's own words. */
export interface Component<Props, Given> {
  /**
   * Calls hooks, as often as the framework runs a component's body. `props` gives those of now; `copy` says which
   * one this is, from 0, where several are mounted.
   */
  setup(hooks: Hooks, props: () => Props, copy: number): Given
  /** What it renders. Reads nothing that it does not show. */
  text(given: NoInfer<Given>): string
}

/** Components on the page. */
export interface Mounted<Props, Given> {
  /** What each renders, as the page shows it. */
  texts(): string[]
  /** What the hooks of the first gave it, as of its last render. */
  given(): Given
  /** Renders all of them with other props. */
  update(props: Props): void
  unmount(): void
}

/** How one framework runs components. */
export interface Harness {
  readonly name: string
  /** A component's body runs this often for each render: twice in React's StrictMode. @default 1 */
  readonly bodiesPerRender?: number
  /** Mounts `copies` of a component side by side. */
  mount<Props, Given>(
    component: Component<Props, Given>,
    props: Props,
    copies?: number,
  ): Mounted<Props, Given>
}

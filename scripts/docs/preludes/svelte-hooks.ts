import { useAction, useConnection, usePeer, useRequest, useStats, useSubscription } from '@nanopeer/svelte'

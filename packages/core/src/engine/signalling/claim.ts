import { v4 as uuid } from 'uuid'
import type { Clock } from '../../base/clock'

/** How long another tab of this browser has to object, in ms. */
const patience = 100

export interface Claim {
  /**
   * Resolves true when this tab may register the id.
   *
   * @param wait - false where no other tab can hold our token, so that the first load waits for nobody.
   */
  acquire(wait: boolean): Promise<boolean>
  release(): void
}

export interface ClaimEvents {
  /** A tab that held the id longer was too busy to object in time: give the id back. */
  lost(): void
  /** A newer tab may have taken our registration before it heard from us: check it. */
  contested(): void
}

interface Message {
  readonly type: 'claim' | 'held'
  readonly owner: string
  readonly since: number
  /** Whom `held` answers. */
  readonly to?: string
}

type State = 'none' | 'claiming' | 'held'

/**
 * Claims an id among the tabs of one browser. A duplicated tab copies `sessionStorage`, the PeerServer token
 * included, and would take the registration away from the original, which would take it back, for ever.
 */
export const createClaim = (id: string, clock: Clock, events: ClaimEvents): Claim => {
  const owner = uuid()
  let channel: BroadcastChannel | null = null
  let state: State = 'none'
  let since = 0
  let decide: (isOurs: boolean) => void = () => {}
  let pending: Promise<boolean> | null = null

  const post = (message: Pick<Message, 'type' | 'to'>) =>
    channel?.postMessage({ ...message, owner, since } satisfies Message)

  const isOlder = (other: Message) => (other.since === since ? other.owner < owner : other.since < since)

  const yieldTo = () => {
    const was = state
    state = 'none'
    if (was === 'claiming') decide(false)
    else events.lost()
  }

  const onMessage = ({ data: other }: MessageEvent<Message>) => {
    if (state === 'none' || other.owner === owner) return
    if (other.type === 'claim') {
      if (state === 'claiming' && isOlder(other)) return yieldTo()
      post({ type: 'held', to: other.owner })
      if (state === 'held') events.contested()
    } else if (other.to === owner) {
      // Whoever holds it has it; of two that both believe they do, the older.
      if (state === 'claiming' || isOlder(other)) yieldTo()
      else post({ type: 'held', to: other.owner })
    }
  }

  const open = () => {
    if (channel) return
    channel = new BroadcastChannel(`nanopeer:claim:${id}`)
    channel.addEventListener('message', onMessage)
  }

  const objections = async () => {
    const isOurs = await new Promise<boolean>((resolve) => {
      const cancel = clock.after(patience, () => resolve(true))
      decide = (answer) => {
        cancel()
        resolve(answer)
      }
    })
    pending = null
    if (isOurs) state = 'held'
    return isOurs
  }

  return {
    async acquire(wait) {
      if (typeof BroadcastChannel === 'undefined' || state === 'held') return true
      if (pending) return pending
      open()
      since = Date.now()
      state = wait ? 'claiming' : 'held'
      post({ type: 'claim' })
      if (!wait) return true
      pending = objections()
      return pending
    },
    release() {
      if (state === 'claiming') decide(false)
      state = 'none'
      channel?.removeEventListener('message', onMessage)
      channel?.close()
      channel = null
    },
  }
}

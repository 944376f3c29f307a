import { onTestFinished } from 'vitest'

/** What a page has open. */
export interface PageCensus {
  readonly peerConnections: number
  readonly sockets: number
  /** `BroadcastChannel`s. */
  readonly channels: number
  /** Timeouts that wait, and intervals. */
  readonly timers: number
  /** Of `window` and `document`. */
  readonly listeners: number
}

type Undo = () => void

/** Counts what is made of a class and not over yet. */
const watchClass = <Name extends 'RTCPeerConnection' | 'WebSocket' | 'BroadcastChannel'>(
  name: Name,
  isOver: (made: InstanceType<(typeof globalThis)[Name]>) => boolean,
) => {
  type Made = InstanceType<(typeof globalThis)[Name]>
  const original = globalThis[name]
  const made = new Set<Made>()
  const watched = new Proxy(original, {
    construct(target, given, newTarget) {
      const instance = Reflect.construct(target, given, newTarget) as Made
      made.add(instance)
      return instance
    },
  })
  Object.assign(globalThis, { [name]: watched })
  const undo: Undo = () => Object.assign(globalThis, { [name]: original })
  return { count: () => [...made].filter((instance) => !isOver(instance)).length, undo }
}

const watchChannels = () => {
  const { BroadcastChannel } = globalThis
  const closed = new WeakSet<BroadcastChannel>()
  const { close } = BroadcastChannel.prototype
  BroadcastChannel.prototype.close = function (this: BroadcastChannel) {
    closed.add(this)
    close.call(this)
  }
  const { count, undo } = watchClass('BroadcastChannel', (channel) => closed.has(channel))
  return {
    count,
    undo() {
      BroadcastChannel.prototype.close = close
      undo()
    },
  }
}

const watchTimers = () => {
  const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis
  const live = new Set<unknown>()
  const clear = (timer: number | undefined) => {
    live.delete(timer)
    clearTimeout(timer)
  }
  const run = (callback: TimerHandler, given: unknown[]) => {
    if (typeof callback === 'function') callback(...given)
  }
  Object.assign(globalThis, {
    setTimeout(callback: TimerHandler, delay?: number, ...given: unknown[]) {
      const timer = setTimeout(() => {
        live.delete(timer)
        run(callback, given)
      }, delay)
      live.add(timer)
      return timer
    },
    setInterval(callback: TimerHandler, delay?: number, ...given: unknown[]) {
      const timer = setInterval(() => run(callback, given), delay)
      live.add(timer)
      return timer
    },
    clearTimeout: clear,
    clearInterval: clear,
  })
  const undo: Undo = () => Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval })
  return { count: () => live.size, undo }
}

/** One listener is one pair of type and function, however often it is added. */
const watchListeners = (target: Window | Document) => {
  const live = new Map<unknown, Set<string>>()
  const remove = (type: string, listener: unknown) => live.get(listener)?.delete(type)
  const { addEventListener, removeEventListener } = target
  target.addEventListener = (type: string, listener: never, options?: boolean | AddEventListenerOptions) => {
    const { signal, once } = typeof options === 'object' ? options : {}
    if (signal?.aborted) return
    live.set(listener, (live.get(listener) ?? new Set()).add(type))
    signal?.addEventListener('abort', () => remove(type, listener))
    if (once) addEventListener.call(target, type, () => remove(type, listener), { once })
    addEventListener.call(target, type, listener, options)
  }
  target.removeEventListener = (type: string, listener: never, options?: boolean | EventListenerOptions) => {
    remove(type, listener)
    removeEventListener.call(target, type, listener, options)
  }
  const undo: Undo = () => Object.assign(target, { addEventListener, removeEventListener })
  return { count: () => [...live.values()].reduce((sum, { size }) => sum + size, 0), undo }
}

/** Counts what the page opens from now until the test ends. Returns how much of it is open at the moment. */
export const watchPage = (): (() => PageCensus) => {
  const peerConnections = watchClass(
    'RTCPeerConnection',
    ({ connectionState }) => connectionState === 'closed',
  )
  const sockets = watchClass('WebSocket', ({ readyState }) => readyState === WebSocket.CLOSED)
  const channels = watchChannels()
  const timers = watchTimers()
  const listeners = [watchListeners(window), watchListeners(document)]
  onTestFinished(() => {
    for (const { undo } of [peerConnections, sockets, channels, timers, ...listeners]) undo()
  })
  return () => ({
    peerConnections: peerConnections.count(),
    sockets: sockets.count(),
    channels: channels.count(),
    timers: timers.count(),
    listeners: listeners.reduce((sum, { count }) => sum + count(), 0),
  })
}

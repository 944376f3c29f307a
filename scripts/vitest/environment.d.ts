/** What `inject` and `commands` give to the tests of every package. */
import 'vitest'
import 'vitest/browser'

/** Where a signalling server listens: without TLS, on loopback. */
export interface SignallingServerAddress {
  readonly host: string
  readonly port: number
  readonly path: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The one real signalling server of this run, shared by all tests. */
    signallingServer: SignallingServerAddress
  }
}

declare module 'vitest/browser' {
  interface BrowserCommands {
    /**
     * Starts a Node process that calls the default export of `script` with `settings`, and resolves when that
     * has resolved. It runs outside vitest: a plain `.mjs` file that imports the *built* packages.
     *
     * @param script path from the root of the repository
     * @returns a handle for `stopDevice`, and what the default export returned (as JSON)
     */
    startDevice(
      script: string,
      settings?: Record<string, string | number>,
    ): Promise<{ device: number; message: unknown }>
    /**
     * Ends a device and waits until it is gone.
     *
     * @param signal `SIGKILL` for a crash
     * @default signal 'SIGTERM'
     */
    stopDevice(device: number, signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
    /** Starts a signalling server of the test's own, to be stopped and started again. @param port one that was in use before */
    startSignallingServer(port?: number): Promise<SignallingServerAddress>
    /** Ends one that `startSignallingServer` began: its sockets drop at once. */
    stopSignallingServer(port: number): Promise<void>
  }
}

import { onTestFinished } from 'vitest'

/** A page of its own inside this tab, with the tab's `sessionStorage`: what a reload or a duplicated tab runs in. */
export interface Frame {
  /** What its script reported, oldest first. */
  readonly reports: readonly string[]
  /** Ends the page, as leaving or reloading it does. */
  close(): void
}

const sources = import.meta.url.replace(/\/test\/.*$/, '/src')

/**
 * Opens a page that runs a module.
 *
 * @param script - the module's text; `report(text)` tells the test something, `${sources}` is the folder of the sources.
 */
export const openFrame = (script: (sources: string) => string): Frame => {
  const reports: string[] = []
  const frame = document.createElement('iframe')
  const onMessage = ({ source, data }: MessageEvent) => {
    if (source === frame.contentWindow) reports.push(String(data))
  }
  const close = () => {
    removeEventListener('message', onMessage)
    frame.remove()
  }
  addEventListener('message', onMessage)
  onTestFinished(close)
  frame.srcdoc = `<script type="module">
    // What vitest's transform of a dynamic import calls; it exists in the page of the test alone.
    globalThis.__vitest_browser_runner__ = { wrapDynamicImport: (load) => load() }
    const report = (text) => parent.postMessage(text, '*')
    ${script(sources)}
  </script>`
  document.body.append(frame)
  return { reports, close }
}

/**
 * Opens a page that registers as `id` and reports what its signalling says.
 *
 * @param patience how many times as long as in life it gives other tabs to object
 */
export const openPeerFrame = (id: string, server: object, patience = 1): Frame =>
  openFrame(
    (from) => `
      const { createPeerjsTransport } = await import(${JSON.stringify(`${from}/peer/peerjs-transport.ts`)})
      const { carryEngine } = await import(${JSON.stringify(`${from}/engine/carry.ts`)})
      const { systemClock } = await import(${JSON.stringify(`${from}/base/clock.ts`)})
      const after = (ms, fn) => systemClock.after(ms === 100 ? ms * ${patience} : ms, fn)
      const clock = { ...systemClock, after }
      carryEngine(createPeerjsTransport({ isSupported: () => true, clock })).join(${JSON.stringify(id)}, { server: ${JSON.stringify(server)}, iceServers: [] }, {
        connecting: () => report('connecting'),
        open: () => report('open'),
        disconnected: (error) => report(error.code),
        link: (link) => report('link from ' + link.remoteId),
        plain() {},
      })`,
  )

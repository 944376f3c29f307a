/** A page that opens a peer when a test tells it to. Plain JavaScript: every bundler takes it as it is. */
import { createPeer } from '@nanopeer/core'

globalThis.nanopeerOpen = {
  /** What the peer has said of itself, oldest first. @type {object[]} */
  statuses: [],

  /** @param {string} id @param {object} server */
  open(id, server) {
    const reconnect = { minDelay: 200, maxDelay: 400 }
    const peer = createPeer(id, { server, reconnect, iceServers: [], onError() {} })
    peer.$status.subscribe(({ state, error, retryAt }) => {
      const { code, message } = error ?? {}
      this.statuses.push({ state, code, message, retries: retryAt !== null })
    })
  },
}

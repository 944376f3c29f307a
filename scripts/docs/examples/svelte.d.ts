/** The same for Svelte. */
import './shared'
import type { Connection, Peer } from '@nanopeer/core'
import type { Component } from 'svelte'

declare global {
  const nas: { readonly connection: Connection | null }
  const laptop: { readonly peer: Peer | null }
  const tablet: { readonly peer: Peer | null }
  const settingsStore: typeof $settings
  const path: string
  const title: string
  const lines: string[]
  const Spinner: Component
}

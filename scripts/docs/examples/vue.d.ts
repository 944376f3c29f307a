/** The same for Vue. */
import './shared'
import type { Connection, Peer } from '@nanopeer/core'
import type { DefineComponent, Ref, ref as vueRef } from 'vue'

declare global {
  const connection: Ref<Connection | null>
  const peer: Ref<Peer | null>
  const ref: typeof vueRef
  const path: Ref<string>
  const title: Ref<string>
  const lines: Ref<string[]>
  const Spinner: DefineComponent
}

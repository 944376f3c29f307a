/** A library that has core and adapters of its own, of a release that the app does not have. */
export * as core from '@nanopeer/core'
export { useConnection as reactConnection } from '@nanopeer/react'
export { useConnection as vueConnection } from '@nanopeer/vue'

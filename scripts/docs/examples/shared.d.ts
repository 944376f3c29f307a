/** What the examples of doc comments do not show, in any framework. */
import type {
  BytesAction,
  EventsAction,
  MediaAction,
  Message,
  StoreContract,
  ValueAction,
  StoreValue as ValueOfStore,
} from '@nanopeer/core'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { MapStore } from 'nanostores'

interface Settings {
  target: number
  mode: 'eco' | 'fast'
}

declare global {
  type StoreValue<Contract> = ValueOfStore<Contract>
  interface FileEntry {
    readonly name: string
  }
  interface LogLine {
    readonly text: string
  }
  const chat: Message<{ text: string }>
  const getTitle: ValueAction<void, string>
  const listFiles: ValueAction<{ path: string }, FileEntry[]>
  const readFile: BytesAction<{ path: string }>
  const removeFile: ValueAction<{ path: string }, void>
  const tailLog: EventsAction<{ lines: number }, LogLine>
  const watch: MediaAction<{ facing: 'user' | 'environment' }>
  const writeFile: ValueAction<{ path: string }, void>
  const settings: StoreContract<Settings>
  const volume: StoreContract<number>
  const $settings: MapStore<Settings>

  const button: HTMLButtonElement
  const error: Error & { readonly code?: string }
  const file: File
  const given: string
  const iceServers: readonly RTCIceServer[]
  const input: { readonly path: string }
  const schema: StandardSchemaV1<string, string>
  function readFolder(path: string): Promise<FileEntry[]>
  function render(...shown: unknown[]): void
  function retry(): void
}

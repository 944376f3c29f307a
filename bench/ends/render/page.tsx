/** A page as an end, which counts what each framework commits. */
import { type Connection, createPeer, type Peer } from '@nanopeer/core'
import { useAction, useRequest } from '@nanopeer/react'
import { Profiler, useEffect } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import type { Meeting } from '../contestant'
import { download, echo, optionsOf } from '../nanopeer'
import { drain, sample } from '../payload'
import { react } from './react'
import { svelte } from './svelte'
import { vue } from './vue'
import { countsOf } from './world'

let peer: Peer
let connection: Connection

/** Commits of what is shown now, and when each was. */
let commits: number[] = []
let root: Root | null = null

async function show(element: React.ReactNode): Promise<void> {
  root?.unmount()
  // A request whose last subscriber has just gone is still there: a new one would join it.
  await settle()
  commits = []
  root = createRoot(document.getElementById('root') as HTMLElement)
  root.render(
    <Profiler id="shown" onRender={() => commits.push(performance.now())}>
      {element}
    </Profiler>,
  )
}

function Request({ answered }: { readonly answered: () => void }) {
  const { status } = useRequest(connection, echo, sample)
  useEffect(() => {
    if (status === 'success') answered()
  }, [status, answered])
  return <p>{status}</p>
}

function Download({ size, ended }: { readonly size: number; readonly ended: () => void }) {
  const { run, status, progress } = useAction(connection, download)
  useEffect(() => {
    void run({ size }).then((answer) => drain(answer.body as ReadableStream<Uint8Array>))
  }, [run, size])
  useEffect(() => {
    if (status === 'success') ended()
  }, [status, ended])
  return <progress max={size} value={progress?.loaded ?? 0} />
}

/** A late commit would be one too many: there is time for it. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 200))

const frameworks = { React: countsOf(react), Vue: countsOf(vue), Svelte: countsOf(svelte) }

export type FrameworkName = keyof typeof frameworks

const bench = {
  hooks: (name: FrameworkName) => frameworks[name].hooks(),
  rows: (name: FrameworkName) => frameworks[name].rows(),
  flood: (name: FrameworkName) => frameworks[name].flood(),
  /** Opens the connection that is shown. */
  async open(meeting: Meeting): Promise<void> {
    peer = createPeer(crypto.randomUUID(), optionsOf(meeting))
    await peer.open()
    connection = peer.connect(meeting.deviceId)
    await connection.request(echo, null)
  },
  /** Commits from the mount of a component that asks to its answer. */
  async request(): Promise<number> {
    await new Promise<void>((answered) => void show(<Request answered={answered} />))
    await settle()
    return commits.length
  },
  /** Commits per second of a component that downloads and shows its progress. */
  async download(size: number): Promise<number> {
    await new Promise<void>((ended) => void show(<Download size={size} ended={ended} />))
    await settle()
    const [first = 0, last = 0] = [commits[0], commits.at(-1)]
    return commits.length / ((last - first) / 1000)
  },
}

export type RenderCommands = typeof bench

Object.assign(globalThis, { bench })

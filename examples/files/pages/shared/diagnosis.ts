import { type Diagnosis, diagnose } from '@nanopeer/core'
import { atom, type ReadableAtom } from 'nanostores'

/** How far a diagnosis is. */
export interface DiagnosisState {
  readonly isRunning: boolean
  /** The last one that succeeded, also while the next one runs. */
  readonly diagnosis: Diagnosis | null
  /** Why there is none; '' while there is nothing to complain of. */
  readonly failure: string
}

const $state = atom<DiagnosisState>({ isRunning: false, diagnosis: null, failure: '' })

/** The diagnosis on screen. */
export const $diagnosis: ReadableAtom<DiagnosisState> = $state

/** Diagnoses with the servers of a text; while one runs, another press does nothing. */
export const runDiagnosis = async (text: string): Promise<void> => {
  const { isRunning, diagnosis } = $state.get()
  if (isRunning) return
  $state.set({ isRunning: true, diagnosis, failure: '' })
  try {
    const next = await diagnose({ iceServers: parseIceServers(text) })
    $state.set({ isRunning: false, diagnosis: next, failure: '' })
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    $state.set({ isRunning: false, diagnosis: null, failure })
  }
}

/** Reads servers, one per line: the address, and for a TURN server its user name and password behind it. */
export const parseIceServers = (text: string): RTCIceServer[] =>
  text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .map(([urls = '', username, ...credential]) =>
      username === undefined ? { urls } : { urls, username, credential: credential.join(' ') },
    )
    .filter(({ urls }) => urls !== '')

/** What the field shows while it is empty. */
export const exampleServers = 'stun:stun.example.org:3478\nturn:turn.example.org:3478 user password'

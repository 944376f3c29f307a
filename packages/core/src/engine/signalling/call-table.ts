import type { Addressee } from './call-path'

/** The calls that are placed or answered through one server, and hear what comes for them. */
export class CallTable {
  private readonly calls = new Map<string, Addressee>()

  /** Returns its undo. */
  add(remoteId: string, callId: string, call: Addressee): () => void {
    const key = keyOf(remoteId, callId)
    this.calls.set(key, call)
    return () => {
      if (this.calls.get(key) === call) this.calls.delete(key)
    }
  }

  find(remoteId: string, callId: string): Addressee | null {
    return this.calls.get(keyOf(remoteId, callId)) ?? null
  }
}

const keyOf = (remoteId: string, callId: string): string => JSON.stringify([remoteId, callId])

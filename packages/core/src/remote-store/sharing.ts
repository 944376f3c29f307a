import type { StandardSchemaV1 } from '@standard-schema/spec'
import { nameIsValid } from '../base/action'
import { ActionError } from '../base/errors'
import { answerLatest } from '../base/latest-items'
import { inTaskOfItsOwn } from '../base/own-task'
import type { HandlerContext, Peer } from '../base/types'
import { type PeerController, peerControllerOf } from '../peer/controller'
import { Follower, notShared } from './follower'
import { listStores } from './listing'
import { hasFields } from './patch'
import { type MayWrite, type SettableStore, SharedStore } from './shared-store'
import { faultOf, followAction, maxBatchLength, type WriteInput, writeAction } from './wire'
import { performWrite } from './write'

const sharings = new WeakMap<Peer, Sharing>()

/** The stores of one peer, and who follows them. Its handlers stay: a store that goes may come back. */
export class Sharing {
  /** By name, in the order in which they came. The last one counts. */
  private readonly stores = new Map<string, readonly SharedStore[]>()
  private readonly followers = new Map<string, Set<Follower>>()

  static of(peer: Peer): Sharing {
    const known = sharings.get(peer)
    if (known) return known
    const made = new Sharing(peerControllerOf(peer))
    sharings.set(peer, made)
    return made
  }

  private constructor(private readonly controller: PeerController) {
    controller.serveAction(followAction, (name) => this.follow(name))
    controller.serveAction(writeAction, (input, context) => this.write(input, context))
    controller.serveAction(listStores, () =>
      [...this.stores.keys()].map((name) => ({ name, isWritable: this.find(name)?.mayWrite !== undefined })),
    )
  }

  add(
    name: string,
    schema: StandardSchemaV1 | undefined,
    $store: SettableStore<unknown>,
    mayWrite: MayWrite | undefined,
  ): () => void {
    const { controller } = this
    const shared = new SharedStore(name, schema, $store, mayWrite, {
      clock: controller.clock,
      limit: controller.limits.messageSize,
      report: (error) => controller.report(error, { action: followAction.name }),
      changed: () => this.look(name),
    })
    this.stores.set(name, [...(this.stores.get(name) ?? []), shared])
    // Whoever shares what cannot be sent hears of it now.
    shared.itemAfter(null)
    this.look(name)
    return () => {
      if (shared.isOver) return
      shared.end()
      const left = this.stores.get(name)?.filter((other) => other !== shared) ?? []
      if (left.length > 0) this.stores.set(name, left)
      else this.stores.delete(name)
      this.look(name)
    }
  }

  private find(name: string): SharedStore | undefined {
    return this.stores.get(name)?.at(-1)
  }

  private look(name: string): void {
    for (const follower of this.followers.get(name) ?? []) follower.look()
  }

  private follow(given: unknown): AsyncIterable<never> {
    const name = nameFrom(given)
    const followers = this.followers.get(name) ?? new Set<Follower>()
    const follower = new Follower(
      name,
      () => this.find(name),
      () => {
        followers.delete(follower)
        if (followers.size === 0 && this.followers.get(name) === followers) this.followers.delete(name)
      },
    )
    this.followers.set(name, followers.add(follower))
    return answerLatest(follower)
  }

  private async write(input: WriteInput, context: HandlerContext) {
    const name = nameFrom(input?.name)
    const { writes } = input
    if (!Array.isArray(writes) || writes.length > maxBatchLength || !writes.every(hasFields)) {
      throw new ActionError(
        400,
        `A store takes at most ${maxBatchLength} writes at once, each of them an object.`,
      )
    }
    const outcomes = []
    for (const write of writes) {
      if (context.signal.aborted) break
      // Each may take as long as the store is large: others have their turn in between.
      if (outcomes.length > 0) await inTaskOfItsOwn(this.controller.clock)
      const shared = this.find(name)
      outcomes.push(shared ? await performWrite(shared, write, context) : { fault: faultOf(notShared(name)) })
    }
    return outcomes
  }
}

const nameFrom = (given: unknown): string => {
  if (!nameIsValid(given))
    throw new ActionError(400, 'A store is asked for by its name of 1 to 256 characters.')
  return given
}

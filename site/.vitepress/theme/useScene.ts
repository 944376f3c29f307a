import type { ConnectionStatus } from '@nanopeer/core'
import { withBase } from 'vitepress'
import { onBeforeUnmount, reactive, shallowRef } from 'vue'
import type { Example, Framework, Scene } from '../../live/scene'
import { sayEvent } from './events'

/** A page of an example, as the frame shows it. */
export interface ShownPage {
  readonly id: string
  isPlugged: boolean
}

/** The examples come built, with their frameworks in them; what bundles this page does not look into them. */
const loadExamples = (): Promise<typeof import('../../live/scene')> =>
  import(/* @vite-ignore */ new URL(withBase('/live/scene.js'), location.href).href)

/** How many happenings are shown; older ones go. */
const kept = 5

/**
 * Runs an example: its device, its pages, and what the frame shows of them.
 *
 * @param page the document, as in `recipes/download`
 */
export function useScene(page: string, example: Example) {
  const scene = shallowRef<Scene>()
  const pages = reactive<ShownPage[]>(example.ids.map((id) => ({ id, isPlugged: true })))
  const device = reactive({
    connections: [] as { readonly id: string; readonly state: ConnectionStatus['state'] }[],
    happenings: [] as { readonly key: number; readonly text: string }[],
  })
  const undos: (() => void)[] = []
  const mounted: (() => void)[] = []
  let count = 0
  /** What is asked for last counts, however long an earlier framework takes to load. */
  let turn = 0

  function tell(text: string | null): void {
    if (!text) return
    count += 1
    device.happenings = [...device.happenings, { key: count, text }].slice(-kept)
  }

  /** Ends what runs, so that a framework that is chosen next begins with a device as it was. */
  async function end(): Promise<void> {
    for (const undo of mounted.splice(0)) undo()
    for (const undo of undos.splice(0)) undo()
    const ended = scene.value
    scene.value = undefined
    for (const shown of pages) shown.isPlugged = true
    device.happenings = []
    await ended?.destroy()
  }

  onBeforeUnmount(() => {
    turn += 1
    return end()
  })

  return {
    scene,
    pages,
    device,
    /** Loads what is needed and shows every page in its element. */
    async show(framework: Framework, elementOf: (id: string) => HTMLElement): Promise<void> {
      turn += 1
      const mine = turn
      await end()
      const { createScene } = await loadExamples()
      const created = await createScene(page, example, {
        onEvent: (event) => tell(sayEvent(event)),
        onError: (error) => tell(String(error)),
      })
      // Whoever left meanwhile, or chose something else, must not have two devices of one name.
      if (mine !== turn) return created.destroy()
      undos.push(
        created.watch((connections) => {
          device.connections = connections.map(({ id, status }) => ({ id, state: status }))
        }),
      )
      for (const { id } of pages) {
        // A framework wants an element in which no other has been.
        const root = elementOf(id).appendChild(document.createElement('div'))
        const unmount = await created.mount(framework, id, root)
        const undo = () => {
          unmount()
          root.remove()
        }
        if (mine !== turn) {
          undo()
          return created.destroy()
        }
        mounted.push(undo)
      }
      scene.value = created
    },
    toggle(shown: ShownPage): void {
      shown.isPlugged = !shown.isPlugged
      if (shown.isPlugged) scene.value?.plug(shown.id)
      else scene.value?.pull(shown.id)
    },
  }
}

import type { PeerOptions } from '@nanopeer/core'

/** What every example's component is given. */
export interface ExampleProps {
  /** The id of the page's peer. */
  readonly id: string
  /** The network that it is on, and the secret that it knows. */
  readonly options: PeerOptions
}

export type Framework = 'React' | 'Vue' | 'Svelte'

/** Shows a component in an element; returns its undo. */
type Mount = (element: HTMLElement, props: ExampleProps) => () => void

const reactModules = import.meta.glob<Record<string, React.FunctionComponent<ExampleProps>>>(
  '../.cache/live/source/**/*.tsx',
)
const vueModules = import.meta.glob<{ default: import('vue').Component }>('../.cache/live/source/**/*.vue')
const svelteModules = import.meta.glob<{ default: import('svelte').Component<Record<string, unknown>> }>(
  '../.cache/live/source/**/*.svelte',
)

/** @throws when there is no such module; the build has made sure of those that documents name */
async function load<Module>(modules: Record<string, () => Promise<Module>>, path: string): Promise<Module> {
  const module = modules[`../.cache/live/source/${path}`]
  if (!module) throw new Error(`There is no live example ${path}.`)
  return module()
}

const loaders: Record<Framework, (path: string, name: string) => Promise<Mount>> = {
  async React(path, name) {
    const [{ createElement }, { createRoot }, module] = await Promise.all([
      import('react'),
      import('react-dom/client'),
      load(reactModules, `${path}.tsx`),
    ])
    const component = module[name]
    if (!component) throw new Error(`${path}.tsx exports no ${name}.`)
    return (element, props) => {
      const root = createRoot(element)
      root.render(createElement(component, props))
      return () => root.unmount()
    }
  },
  async Vue(path) {
    const [{ createApp }, module] = await Promise.all([import('vue'), load(vueModules, `${path}.vue`)])
    return (element, props) => {
      const app = createApp(module.default, { ...props })
      app.mount(element)
      return () => app.unmount()
    }
  },
  async Svelte(path) {
    const [{ mount, unmount }, module] = await Promise.all([
      import('svelte'),
      load(svelteModules, `${path}.svelte`),
    ])
    return (element, props) => {
      const app = mount(module.default, { target: element, props: { ...props } })
      return () => void unmount(app)
    }
  },
}

/** The component of an example, ready to be shown. @param page the document, as in `recipes/download` */
export const loadComponent = (page: string, name: string, framework: Framework): Promise<Mount> =>
  loaders[framework](`${page}/${name}`, name)

import { type Component, serverConformance } from '@nanopeer/conformance'
import { render } from 'svelte/server'
import { markup } from './markup'
import Shown from './Shown.svelte'

serverConformance({
  name: 'Svelte 5',
  markup,
  render: async (component, props) =>
    render(Shown, { props: { component: component as Component<unknown, unknown>, given: props } }).body,
})

import type { Component } from '@nanopeer/conformance'
import { defineComponent, h } from 'vue'
import { hooks } from './hooks'

/** A component of the conformance suite. */
export const createShown = <Props, Given>(
  component: Component<Props, Given>,
  given: () => Props,
  created: (result: Given) => void = () => {},
) =>
  defineComponent({
    props: { copy: { type: Number, default: 0 } },
    setup({ copy }) {
      const result = component.setup(hooks, given, copy)
      created(result)
      return () => h('output', component.text(result))
    },
  })

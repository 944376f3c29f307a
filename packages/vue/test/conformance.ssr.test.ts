import { serverConformance } from '@nanopeer/conformance'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { markup } from './markup'
import { createShown } from './shown'

serverConformance({
  name: 'Vue 3',
  markup,
  render: (component, props) => renderToString(createSSRApp(createShown(component, () => props))),
})

import { serverConformance } from '@nanopeer/conformance'
import { version } from 'react'
import { renderToString } from 'react-dom/server'
import { markup } from './markup'
import { Shown } from './shown'

serverConformance({
  name: `React ${version.split('.')[0]}`,
  markup,
  render: async (component, props) => renderToString(<Shown component={component} given={props} />),
})

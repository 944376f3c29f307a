import { hydrationConformance } from '@nanopeer/conformance'
import { createTestNetwork } from '@nanopeer/core/testing'
import { StrictMode, version } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { markup } from './markup'
import { Shown } from './shown'

hydrationConformance(
  {
    name: `React ${version.split('.')[0]}`,
    markup,
    hydrate(component, props, container) {
      const root = hydrateRoot(
        container,
        <StrictMode>
          <Shown component={component} given={props} />
        </StrictMode>,
      )
      return () => root.unmount()
    },
  },
  { transport: createTestNetwork().transport },
)

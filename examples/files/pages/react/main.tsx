import '@nanopeer/devtools'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Door } from './Door'

const root = document.getElementById('app')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Door />
    </StrictMode>,
  )
}

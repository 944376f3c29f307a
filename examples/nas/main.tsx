import { generateSecret, tabId } from '@nanopeer/core'
import { createRoot } from 'react-dom/client'
import { Files } from './Files'

const secret = new URLSearchParams(location.hash.slice(1)).get('secret') ?? generateSecret()
addEventListener('hashchange', () => location.reload())

const root = document.getElementById('root')
if (root) createRoot(root).render(<Files id={tabId()} secret={secret} />)

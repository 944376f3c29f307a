import { createRoot } from 'react-dom/client'
import { App } from './App'
import { known } from './options'

// What the QR code has behind the `#`. It is good once, and does not stay in the address.
const code = location.hash.slice(1)
history.replaceState(null, '', location.pathname)
// One that is opened in this tab changes what is behind the `#`, and loads nothing by itself.
addEventListener('hashchange', () => location.reload())

const isKnown = (await known.get('lamp')) !== undefined

const root = document.getElementById('root')
if (root) createRoot(root).render(<App isKnown={isKnown} code={code} />)

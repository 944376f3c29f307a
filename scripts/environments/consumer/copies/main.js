/** An app and a library with a core of its own: each has peers, and a component of the library is given the app's. */
import { action, createPeer } from '@nanopeer/core'
import { core, reactConnection, vueConnection } from 'library'
import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { createApp, h } from 'vue'

const server = JSON.parse(decodeURIComponent(location.hash.slice(1)))
const greet = action('greet')

const say = (text) => {
  document.body.appendChild(document.createElement('p')).textContent = text
}

const nas = createPeer('nas', { server, iceServers: [], accept: 'anyone' })
nas.handle(greet, (name) => `Hello, ${name}`)
await nas.open()

const [forReact, forVue] = document.querySelectorAll('div')
createRoot(forReact).render(createElement(() => createElement('i', null, reactConnection(nas, 'tv').status)))
createApp({
  setup() {
    const { status } = vueConnection(nas, 'tv')
    return () => h('i', status.value)
  },
}).mount(forVue)

const laptop = core.createPeer('laptop', { server, iceServers: [] })
laptop.connect('nas').request(greet, 'Ada').then(say, say)

// Held, it tries for ever: a dead tab's id is free again some time.
const twin = document.body.appendChild(document.createElement('p'))
core.createPeer('nas', { server, iceServers: [] }).$status.subscribe(({ error }) => {
  if (error) twin.textContent = `${error.code}: ${error.message}`
})

import { createPeer, createRequest, tabId } from '@nanopeer/core'
import { getTime, server } from './contract'

const shown = document.querySelector('output')
const status = document.querySelector('small')
const clock = createPeer(tabId(), { server }).connect('clock')
const time = createRequest(clock, getTime, undefined, { refetchInterval: 1000 })

clock.$status.subscribe(({ state, error }) => {
  if (status) status.textContent = error?.message ?? state
})
time.$state.subscribe(({ data }) => {
  if (shown && data) shown.value = data.time
})

import '@nanopeer/devtools'
import { mount } from 'svelte'
import Door from './Door.svelte'

const target = document.getElementById('app')
if (target) mount(Door, { target })

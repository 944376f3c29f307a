import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import FrameworkTabs from './FrameworkTabs.vue'
import LiveExample from './LiveExample.vue'
import './style.css'
import './live.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('FrameworkTabs', FrameworkTabs)
    app.component('LiveExample', LiveExample)
  },
} satisfies Theme

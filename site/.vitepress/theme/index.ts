import type { Theme } from 'vitepress'
import DefaultTheme from 'vitepress/theme'
import FrameworkTabs from './FrameworkTabs.vue'
import './style.css'

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    app.component('FrameworkTabs', FrameworkTabs)
  },
} satisfies Theme

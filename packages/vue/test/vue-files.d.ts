// Vite compiles these; TypeScript is told only that they are components.
declare module '*.vue' {
  import type { Component } from 'vue'

  const component: Component
  export default component
}

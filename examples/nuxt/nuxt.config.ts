export default defineNuxtConfig({
  compatibilityDate: '2026-11-01',
  telemetry: false,
  app: { head: { title: 'nanopeer and Nuxt', link: [{ rel: 'icon', href: 'data:,' }] } },
  // NUXT_PUBLIC_SIGNALLING_PORT sets it where the app runs.
  runtimeConfig: { public: { signallingPort: 9000 } },
})

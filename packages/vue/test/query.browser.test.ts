import { queryConformance } from '@nanopeer/conformance'
import { QueryClient, useQuery } from '@tanstack/vue-query'
import { reactive } from 'vue'
import { vueHarness } from './harness'

queryConformance(vueHarness, {
  createClient: () => new QueryClient(),
  useQuery: (given, client) => reactive(useQuery(given, client)),
})

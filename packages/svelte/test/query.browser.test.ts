import { queryConformance } from '@nanopeer/conformance'
import { createQuery, QueryClient } from '@tanstack/svelte-query'
import { svelteHarness } from './harness.svelte'

queryConformance(svelteHarness, {
  createClient: () => new QueryClient(),
  useQuery: (given, client) => createQuery(given, () => client),
})

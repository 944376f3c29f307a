import { testSeeds } from './seeds'
import { StoreSimulation } from './stores'

testSeeds("all who show a device's store end on its last state, whatever happens between them", (seed) =>
  new StoreSimulation(seed).run(),
)

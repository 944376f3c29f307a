import { Pairings } from './pairings'
import { Random } from './random'
import { testSeeds } from './seeds'

testSeeds(
  'a device serves whom it has paired with, whoever mistypes, restarts, is cut off in the middle or is revoked',
  (seed) => new Pairings(new Random(seed)).run(),
  { usual: 30 },
)

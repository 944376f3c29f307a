import { Identities } from './identities'
import { Random } from './random'
import { testSeeds } from './seeds'

testSeeds(
  'a device serves the keys that it should, and nobody is taken for it, whoever restarts, changes keys or is revoked',
  (seed) => new Identities(new Random(seed)).run(),
  { usual: 400 },
)

import { MediaRun } from './media'
import { Random } from './random'
import { testSeeds } from './seeds'

testSeeds(
  'what is watched goes on in its stream over every link, and nothing of it is left when it is over',
  (seed) => new MediaRun(new Random(seed), seed % 16 === 0).run(),
  { usual: 64 },
)

import { library } from '../../scripts/tsup'

export default library({
  entry: { index: 'src/index.ts', adapter: 'src/adapter.ts', 'testing/index': 'testing/index.ts' },
})

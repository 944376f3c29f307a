import { library } from '../../scripts/tsup'

export default library({
  entry: {
    index: 'src/index.ts',
    adapter: 'src/adapter.ts',
    'hook-types': 'src/hook-types.ts',
    'engine/carry': 'src/engine/carry.ts',
    'testing/index': 'testing/index.ts',
  },
})

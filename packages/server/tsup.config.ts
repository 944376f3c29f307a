import { library } from '../../scripts/tsup'

export default library({ entry: { index: 'src/index.ts', cli: 'src/cli.ts' }, platform: 'node' })

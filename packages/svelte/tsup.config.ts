import { library } from '../../scripts/tsup'

export default library()

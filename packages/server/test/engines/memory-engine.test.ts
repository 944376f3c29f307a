import { memoryEngine } from '../../src/index'
import { describeEngine } from './engine-suite'

describeEngine('memoryEngine', memoryEngine)

import { listFiles, readFile, tailLog } from './actions'

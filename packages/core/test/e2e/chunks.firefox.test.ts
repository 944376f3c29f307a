import { describe } from 'vitest'
import { executables } from '../support/browsers'
import { failingChunks } from './chunks'

describe.skipIf(!executables.Firefox)('in Firefox', () => failingChunks('Firefox'))

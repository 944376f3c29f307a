import { describe } from 'vitest'
import { failingChunks } from './chunks'

describe('in Chromium', () => failingChunks('Chromium'))

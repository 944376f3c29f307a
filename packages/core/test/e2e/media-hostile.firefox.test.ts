import { describe } from 'vitest'
import { executables } from '../support/browsers'
import { hostileNegotiation } from './media-hostile'

describe.skipIf(!executables.Firefox)('across browsers', () => {
  hostileNegotiation('Chromium', 'Firefox')
  hostileNegotiation('Firefox', 'Chromium')
})

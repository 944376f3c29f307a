import { describe } from 'vitest'
import { relayToPage } from './relay-to-page'
import { type Browser, firefox } from './support/pages'

describe.skipIf(!firefox)('a signalling server that ends DTLS between Node and Firefox', () =>
  relayToPage(firefox as Browser),
)

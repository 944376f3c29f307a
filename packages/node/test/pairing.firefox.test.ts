import { describe } from 'vitest'
import { pairingInPage } from './pairing-in-page'
import { type Browser, firefox } from './support/pages'

describe.skipIf(!firefox)('with Firefox', () => pairingInPage(firefox as Browser))

import { describe } from 'vitest'
import { identityInPage } from './identity-in-page'
import { type Browser, firefox } from './support/pages'

describe.skipIf(!firefox)('with Firefox', () => identityInPage(firefox as Browser))

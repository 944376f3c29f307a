import { describe } from 'vitest'
import { identityInPage } from './identity-in-page'
import { chromium } from './support/pages'

describe('with Chromium', () => identityInPage(chromium))

import { describe } from 'vitest'
import { pairingInPage } from './pairing-in-page'
import { chromium } from './support/pages'

describe('with Chromium', () => pairingInPage(chromium))

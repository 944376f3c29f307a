import { hostileNegotiation } from './media-hostile'

hostileNegotiation('Chromium', 'Chromium')

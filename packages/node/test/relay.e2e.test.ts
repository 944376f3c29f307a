import { generateSecret } from '@nanopeer/core'
import { describe, expect, inject, test } from 'vitest'
import { create, entry, relayToPage, said } from './relay-to-page'
import { freshId } from './support/joined'
import { chromium, openPage } from './support/pages'

describe('a signalling server that ends DTLS between Node and Chromium', () => relayToPage(chromium))

test('on an insecure origin a secret is UNSUPPORTED, and without one a page works', async () => {
  const server = { ...inject('signallingServer'), secure: false }
  const device = create('device', { server })
  device.handle('read', () => 'served')
  await device.open()
  const scenario = { id: freshId('page'), server, ask: device.id, patience: 30_000 }
  const withSecret = { ...scenario, id: freshId('page'), secret: generateSecret() }
  const page = await openPage(chromium, entry, [scenario, withSecret], 'nas.lan')
  expect(await said(page, 0, 'answer')).toMatchObject({ answer: 'served' })
  expect(await said(page, 1, 'answer')).toMatchObject({
    error: { name: 'NanopeerError', code: 'UNSUPPORTED' },
  })
})

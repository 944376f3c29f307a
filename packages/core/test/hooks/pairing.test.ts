import { expect, test, vi } from 'vitest'
import { createIdentity } from '../../src/engine/identity/create'
import { generateKeyPair } from '../../src/engine/identity/signature'
import { createJoinViews, createPairingViews } from '../../src/hooks/pairing'
import { createTestNetwork } from '../../testing'
import { create } from '../hostile/cast'

const { transport } = createTestNetwork()

const createDevice = async (id: string) =>
  create(id, {
    transport,
    identity: await createIdentity(await generateKeyPair(false), { created: true, error: null }),
  })

test('a pairing that is shown is begun by its own functions, and given up when nobody looks any more', async () => {
  const [device, phone] = [await createDevice('device'), await createDevice('phone')]
  const [showing, taking] = [createPairingViews(), createJoinViews()]
  const [$shown, $taken] = [showing.view(device), taking.view(phone)]
  const leave = [$shown.listen(() => {}), $taken.listen(() => {})]
  expect([$shown.get().status, $taken.get().status]).toEqual(['idle', 'idle'])
  $shown.get().pair()
  await vi.waitFor(() => expect($shown.get().status).toBe('waiting'), 10_000)
  const first = $shown.get().code
  $shown.get().pair()
  await vi.waitFor(() => expect($shown.get().code ?? first).not.toBe(first), 10_000)
  $taken.get().join($shown.get().code as string)
  await vi.waitFor(
    () => expect($taken.get()).toMatchObject({ status: 'paired', remote: { id: 'device' } }),
    10_000,
  )
  expect($shown.get()).toMatchObject({ status: 'paired', remote: { id: 'phone' } })

  $shown.get().pair()
  await vi.waitFor(() => expect($shown.get().status).toBe('waiting'), 10_000)
  const code = $shown.get().code as string
  for (const release of leave) release()
  await vi.waitFor(async () => {
    await expect(phone.join(code).done).rejects.toMatchObject({ code: 'PEER_UNAVAILABLE' })
  }, 10_000)
})

test('without a peer there is nothing to pair', () => {
  const $shown = createPairingViews().view(null)
  $shown.listen(() => {})
  $shown.get().pair()
  expect($shown.get()).toMatchObject({ status: 'failed', error: { code: 'INVALID_INPUT' } })
})

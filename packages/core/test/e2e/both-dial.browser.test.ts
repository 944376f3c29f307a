import { v4 as uuid } from 'uuid'
import { expect, inject, onTestFinished, test, vi } from 'vitest'
import { createPeer } from '../../src'

const create = () => {
  const server = { ...inject('signallingServer'), secure: false }
  const peer = createPeer(uuid(), { server, iceServers: [], accept: 'anyone' })
  onTestFinished(() => peer.destroy())
  peer.handle('name', () => peer.id)
  return peer
}

test('two who dial each other at the same time have one session, and nothing to complain of', async () => {
  const complaints = vi.spyOn(console, 'error')
  onTestFinished(() => complaints.mockRestore())
  const unhandled = vi.fn()
  window.addEventListener('error', unhandled)
  window.addEventListener('unhandledrejection', unhandled)
  onTestFinished(() => {
    window.removeEventListener('error', unhandled)
    window.removeEventListener('unhandledrejection', unhandled)
  })
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      const [one, other] = [create(), create()]
      await Promise.all([one.open(), other.open()])
      const [there, back] = [one.connect(other.id), other.connect(one.id)]
      const answers = await Promise.all([there.request('name'), back.request('name')])
      expect(answers).toEqual([other.id, one.id])
      expect([one, other].map(({ $connections }) => $connections.value?.length)).toEqual([1, 1])
      await Promise.all([one.destroy(), other.destroy()])
    }),
  )
  expect(complaints.mock.calls).toEqual([])
  expect(unhandled).not.toHaveBeenCalled()
})

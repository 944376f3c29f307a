import { createPeer } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { createRoot } from 'react-dom/client'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { listFiles } from './actions'
import { FileNames } from './FileNames'

afterEach(() => {
  vi.useRealTimers()
})

/** A device on a network of its own, and the component that asks it. */
const start = () => {
  const net = createTestNetwork()
  const options = { transport: net.transport }
  const nas = createPeer('nas', { ...options, accept: 'anyone' })
  nas.handle(listFiles, () => ['film.mp4'])
  void nas.open()
  const container = document.createElement('div')
  const root = createRoot(container)
  root.render(<FileNames options={options} />)
  onTestFinished(() => {
    root.unmount()
    void nas.destroy()
  })
  return { net, text: () => container.textContent }
}

test('the files stay on the page while the network is away', async () => {
  const { net, text } = start()
  await expect.poll(text).toBe('open: film.mp4')
  const heal = net.cut('laptop', 'nas')
  await expect.poll(text).toBe('reconnecting: film.mp4')
  heal()
  await expect.poll(text).toBe('open: film.mp4')
})

test('a network that takes a second shows that something is loading', async () => {
  vi.useFakeTimers()
  const { net, text } = start()
  net.delay(1000)
  await vi.advanceTimersByTimeAsync(1500)
  await expect.poll(text).toContain('Loading …')
  await vi.advanceTimersByTimeAsync(10_000)
  await expect.poll(text).toBe('open: film.mp4')
})

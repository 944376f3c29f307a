import { createPeer, type Peer } from '@nanopeer/core'
import { createTestNetwork } from '@nanopeer/core/testing'
import { startTransition, useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { expect, onTestFinished, test } from 'vitest'
import { useConnections } from '../src'

interface CountProps {
  readonly name: string
  readonly peer: Peer
  readonly rendered: (text: string) => void
  readonly committed: () => void
}

function Count({ name, peer, rendered, committed }: CountProps) {
  const { connections } = useConnections(peer)
  rendered(`${name} ${connections.length}`)
  useLayoutEffect(committed)
  return <output>{connections.length}</output>
}

/** Takes longer than React renders at a stretch, so that others have their turn behind it, until `isOver`. */
function Slow({ isOver, rendered }: { readonly isOver: () => boolean; readonly rendered: () => void }) {
  rendered()
  const until = performance.now() + 10
  while (!isOver() && performance.now() < until);
  return null
}

test('two components show one value of a store that changes between their renders in a transition', async () => {
  const peer = createPeer('laptop', { transport: createTestNetwork().transport })
  const container = document.body.appendChild(document.createElement('div'))
  const root = createRoot(container)
  onTestFinished(async () => {
    root.unmount()
    container.remove()
    await peer.destroy()
  })
  const renders: string[] = []
  const commits: string[] = []
  const rendered = (text: string) => renders.push(text)
  const committed = () => {
    commits.push([...container.querySelectorAll('output')].map((output) => output.textContent).join(' '))
  }
  const given = { peer, rendered, committed }
  const isOver = () => peer.$connections.value?.length === 1
  let change = () => {
    change = () => {}
    // Held: it would be listed for a second only.
    setTimeout(() => peer.connect('nas').$status.listen(() => {}))
  }
  const slow = Array.from({ length: 300 }, (_, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
    <Slow key={index} isOver={isOver} rendered={() => change()} />
  ))
  startTransition(() =>
    root.render([
      <Count key="first" name="first" {...given} />,
      ...slow,
      <Count key="second" name="second" {...given} />,
    ]),
  )
  await expect.poll(() => commits.at(-1)).toBe('1 1')
  // The transition did meet two values, and showed neither of its halves.
  expect(renders.slice(0, 2)).toEqual(['first 0', 'second 1'])
  expect([...new Set(commits)]).toEqual(['1 1'])
})

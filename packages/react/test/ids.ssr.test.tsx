import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { usePeer } from '../src'

const made: string[] = []
const makeId = () => {
  made.push('laptop')
  return 'laptop'
}

function Badge() {
  const { peer, status } = usePeer(makeId)
  return <output>{`${status} ${peer?.id}`}</output>
}

test('an id that is made at mount is not made on a server', () => {
  expect(renderToString(<Badge />)).toBe('<output>connecting undefined</output>')
  expect(made).toEqual([])
})

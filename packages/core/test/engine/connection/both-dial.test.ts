import { expect, test } from 'vitest'
import { createWorld } from '../../support/world'

test.each(['one', 'two'])(
  'two who dial each other as soon as they are there are both answered: %s asks first',
  async (first) => {
    const { create, settled } = createWorld({ delay: 20 })
    const [one, two] = [create('one', { accept: 'anyone' }), create('two', { accept: 'anyone' })]
    for (const peer of [one, two]) peer.handle('name', () => peer.id)
    await settled(Promise.all([one.open(), two.open()]))
    const ask = (from: typeof one, to: string) => from.connect(to).request('name')
    const asked = first === 'one' ? [ask(one, 'two'), ask(two, 'one')] : [ask(two, 'one'), ask(one, 'two')]
    const answers = await settled(Promise.all(asked))
    expect(answers).toEqual(first === 'one' ? ['two', 'one'] : ['one', 'two'])
  },
)

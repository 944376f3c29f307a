import { describe, expect, test } from 'vitest'
import { generateSecret } from '../../src/index'
import { createScene, laptopIdentity, refused } from './key-scene'

const secret = generateSecret()

describe('a secret that is a function', () => {
  test('is asked for each remote, and refuses whom it knows nothing of', async () => {
    const { start } = createScene()
    const own = generateSecret()
    const asked: string[] = []
    await start('nas', {
      secret: (id) => {
        asked.push(id)
        return id === 'laptop' ? own : undefined
      },
    })
    const laptop = await start('laptop', { secret: own })
    expect(await laptop.connect('nas').request('who')).toMatchObject({ authenticated: true })
    for (const options of [{}, { secret: own }, { identity: laptopIdentity }]) {
      const other = await start('other', options)
      await expect(other.connect('nas').request('who')).rejects.toMatchObject(refused)
      await other.destroy()
    }
    expect(new Set(asked)).toEqual(new Set(['laptop', 'other']))
  })

  test.each([
    [
      'throws',
      () => {
        throw new Error('The database is gone.')
      },
    ],
    ['gives what is no secret', () => 'letmein'],
  ])('that %s refuses, and the app hears of it', async (_, given) => {
    const { start } = createScene()
    const heard: unknown[] = []
    await start('nas', { accept: 'anyone', secret: given, onError: (error) => heard.push(error) })
    const laptop = await start('laptop', { secret })
    await expect(laptop.connect('nas').request('who')).rejects.toMatchObject(refused)
    expect(heard.length).toBeGreaterThan(0)
  })
})

import { describe, expect, it } from 'vitest'
import { protocolServers } from '../support/servers'
import { connect, register } from '../support/test-client'

/** What is different on purpose. Each test says what both do; README.md lists them. */
describe.each(protocolServers)('$name', ({ start, isOurs }) => {
  it(isOurs ? 'says OPEN with a payload that names it' : 'says OPEN without a payload', async () => {
    const client = await connect(await start(), { id: 'alice' })
    expect(await client.next()).toEqual(
      isOurs ? { type: 'OPEN', payload: { server: 'nanopeer' } } : { type: 'OPEN' },
    )
  })

  it(
    isOurs
      ? 'says OPEN to a socket that takes its own id over'
      : 'is silent to a socket that takes its own id over',
    async () => {
      const port = await start()
      await register(port, 'alice')
      const second = await connect(port, { id: 'alice' })
      // Silence is proved by an echo that comes first.
      second.send('LEAVE', 'alice', { nonce: 1 })
      expect(await second.next()).toMatchObject({ type: isOurs ? 'OPEN' : 'LEAVE' })
    },
  )

  it(
    isOurs
      ? 'closes the socket that lost its id with 4001'
      : 'lets the socket that lost its id go on speaking',
    async () => {
      const port = await start()
      const bob = await register(port, 'bob')
      const first = await register(port, 'alice')
      const second = await connect(port, { id: 'alice' })
      second.send('LEAVE', 'alice', { nonce: 1 })
      await second.next()
      first.send('OFFER', 'bob', 'from the displaced socket')
      if (isOurs) {
        expect(await first.ended).toEqual({ code: 4001, reason: 'displaced' })
        expect(await bob.caughtUp()).toEqual([])
      } else expect(await bob.next()).toMatchObject({ type: 'OFFER', src: 'alice' })
    },
  )

  it(
    isOurs
      ? 'lets two sockets take an id from each other twice'
      : 'lets two sockets take an id from each other for ever',
    async () => {
      const port = await start()
      await register(port, 'alice')
      for (let taken = 1; taken <= 2; taken += 1) {
        const next = await connect(port, { id: 'alice' })
        next.send('LEAVE', 'alice')
        await next.next()
      }
      const third = await connect(port, { id: 'alice' })
      third.send('LEAVE', 'alice')
      expect(await third.next()).toMatchObject({ type: isOurs ? 'ID-TAKEN' : 'LEAVE' })
    },
  )

  it(
    isOurs
      ? 'closes a socket that sends what is not JSON with 1007'
      : 'ends its process where a frame is not JSON',
    async () => {
      const port = await start()
      const bystander = await register(port, 'bob')
      const client = await register(port, 'alice')
      client.sendText('{')
      if (isOurs) {
        expect(await client.ended).toEqual({ code: 1007, reason: 'invalidFrame' })
        expect(await bystander.caughtUp()).toEqual([])
      } else expect(await bystander.ended).toMatchObject({ code: 1006 })
    },
  )

  it(isOurs ? 'closes a socket that sends over 128 KiB with 1009' : 'passes 20 MiB on', async () => {
    const port = await start()
    const bob = await register(port, 'bob')
    const alice = await register(port, 'alice')
    alice.send('OFFER', 'bob', 'x'.repeat(isOurs ? 128 * 1024 : 20 * 1024 * 1024))
    if (isOurs) expect(await alice.ended).toMatchObject({ code: 1009 })
    else expect(await bob.next()).toMatchObject({ type: 'OFFER' })
  })

  it(isOurs ? 'checks the key of /id' : 'does not check the key of /id', async () => {
    const response = await fetch(`http://127.0.0.1:${await start()}/other/id`)
    expect(response.status).toBe(isOurs ? 404 : 200)
  })

  it(isOurs ? 'takes a plus in a token for a plus' : 'takes a plus in a token for a space', async () => {
    const port = await start()
    await register(port, 'alice', { token: 'a+b' })
    const other = await connect(port, { id: 'alice', token: 'a%20b' })
    other.send('LEAVE', 'alice')
    expect(await other.next()).toMatchObject({ type: isOurs ? 'ID-TAKEN' : 'LEAVE' })
  })

  it(
    isOurs ? 'closes a socket that says LEAVE to nobody' : 'forgets a socket that says LEAVE to nobody',
    async () => {
      const port = await start()
      const alice = await register(port, 'alice')
      alice.send('LEAVE')
      if (isOurs) expect(await alice.ended).toEqual({ code: 1000, reason: 'left' })
      else {
        const other = await register(port, 'alice', { token: 'another' })
        expect(await other.caughtUp()).toEqual([])
        expect(alice.socket.readyState).toBe(alice.socket.OPEN)
      }
    },
  )

  it(
    isOurs ? 'answers 404 to a socket at another path' : 'answers 400 to a socket at another path',
    async () => {
      const port = await start()
      const dialled = connect(port, { path: '/elsewhere/' })
      await expect(dialled).rejects.toThrow(isOurs ? '404' : '400')
    },
  )
})

describe.each(protocolServers)('a socket that is being closed, with $name', ({ start, isOurs }) => {
  it(isOurs ? 'is offline to others: messages wait' : 'still gets messages, which are lost', async () => {
    const port = await start()
    const bob = await register(port, 'bob')
    const alice = await register(port, 'alice')
    // Bob's program reads nothing any more, so his end of the closing never comes.
    bob.socket.pause()
    bob.socket.close()
    await alice.caughtUp()
    alice.send('OFFER', 'bob', 1)
    await alice.caughtUp()
    const again = await connect(port, { id: 'bob' })
    const types = (await again.caughtUp()).map(({ type }) => type)
    expect(types).toEqual(isOurs ? ['OPEN', 'OFFER'] : [])
    bob.socket.terminate()
  })
})

import { describe, expect, it } from 'vitest'
import { protocolServers } from '../support/servers'
import { connect, register } from '../support/test-client'

/** OPEN says whose server it is with ours; else the same frame. */
const isOpen = expect.objectContaining({ type: 'OPEN' })

describe.each(protocolServers)('what a PeerJS client hears from $name', ({ start }) => {
  it('opens an id that nobody holds', async () => {
    const client = await connect(await start(), { id: 'alice' })
    expect(await client.next()).toEqual(isOpen)
  })

  it('passes OFFER, ANSWER and CANDIDATE on, with their source', async () => {
    const port = await start()
    const [alice, bob] = [await register(port, 'alice'), await register(port, 'bob')]
    alice.send('OFFER', 'bob', { sdp: { type: 'offer', sdp: 'v=0' }, connectionId: 'dc_1' })
    alice.send('CANDIDATE', 'bob', { candidate: { candidate: 'candidate:1' } })
    expect(await bob.next()).toEqual({
      type: 'OFFER',
      src: 'alice',
      dst: 'bob',
      payload: { sdp: { type: 'offer', sdp: 'v=0' }, connectionId: 'dc_1' },
    })
    expect(await bob.next()).toMatchObject({ type: 'CANDIDATE', src: 'alice', dst: 'bob' })
    bob.send('ANSWER', 'alice', { sdp: {} })
    expect(await alice.next()).toEqual({ type: 'ANSWER', src: 'bob', dst: 'alice', payload: { sdp: {} } })
  })

  it('writes the true source over the one that a client claims', async () => {
    const port = await start()
    const [alice, bob] = [await register(port, 'alice'), await register(port, 'bob')]
    alice.sendText(JSON.stringify({ type: 'OFFER', src: 'carol', dst: 'bob', payload: 1, more: 2 }))
    expect(await bob.next()).toEqual({ type: 'OFFER', src: 'alice', dst: 'bob', payload: 1 })
  })

  it('does not answer a heartbeat, nor a kind of message that it does not know', async () => {
    const alice = await register(await start(), 'alice')
    alice.send('HEARTBEAT')
    alice.send('NEWS', 'alice')
    expect(await alice.caughtUp()).toEqual([])
  })

  it('returns LEAVE to oneself with its payload', async () => {
    const alice = await register(await start(), 'alice')
    alice.send('LEAVE', 'alice', { nonce: 'n-1' })
    expect(await alice.next()).toEqual({
      type: 'LEAVE',
      src: 'alice',
      dst: 'alice',
      payload: { nonce: 'n-1' },
    })
  })

  it('passes LEAVE with a connection id on, unread', async () => {
    const port = await start()
    const [alice, bob] = [await register(port, 'alice'), await register(port, 'bob')]
    alice.send('LEAVE', 'bob', { connectionId: 'dc_1' })
    expect(await bob.next()).toEqual({
      type: 'LEAVE',
      src: 'alice',
      dst: 'bob',
      payload: { connectionId: 'dc_1' },
    })
  })

  it('keeps messages for a destination that comes within the time', async () => {
    const port = await start()
    const alice = await register(port, 'alice')
    alice.send('OFFER', 'bob', 1)
    alice.send('CANDIDATE', 'bob', 2)
    await alice.caughtUp()
    const bob = await connect(port, { id: 'bob' })
    expect(await bob.next()).toEqual(isOpen)
    expect([await bob.next(), await bob.next()]).toEqual([
      { type: 'OFFER', src: 'alice', dst: 'bob', payload: 1 },
      { type: 'CANDIDATE', src: 'alice', dst: 'bob', payload: 2 },
    ])
  })

  it('keeps no LEAVE and no EXPIRE', async () => {
    const port = await start()
    const alice = await register(port, 'alice')
    alice.send('LEAVE', 'bob')
    alice.send('EXPIRE', 'bob')
    await alice.caughtUp()
    const bob = await register(port, 'bob')
    expect(await bob.caughtUp()).toEqual([])
  })

  it('says EXPIRE once for all that a client sent to somebody who did not come', async () => {
    const alice = await register(await start({ expire: 200 }), 'alice')
    alice.send('OFFER', 'bob', 1)
    alice.send('CANDIDATE', 'bob', 2)
    expect(await alice.next()).toEqual({ type: 'EXPIRE', src: 'bob', dst: 'alice' })
    expect(await alice.caughtUp()).toEqual([])
  })

  it('lets a client take its own id over where there is no room for another', async () => {
    const port = await start({ clients: 1 })
    await register(port, 'alice')
    const again = await connect(port, { id: 'alice' })
    again.send('LEAVE', 'alice', { nonce: 1 })
    // PeerServer says no OPEN to who is there already.
    await again.caughtUp()
    expect(again.frames).toContainEqual(expect.objectContaining({ type: 'LEAVE', payload: { nonce: 1 } }))
  })

  it('refuses an id that somebody holds with another token', async () => {
    const port = await start()
    const holder = await register(port, 'alice', { token: 'one' })
    const thief = await connect(port, { id: 'alice', token: 'two' })
    expect(await thief.next()).toEqual({ type: 'ID-TAKEN', payload: { msg: 'ID is taken' } })
    await thief.ended
    expect(await holder.caughtUp()).toEqual([])
  })

  it('gives an id to another token once its holder is gone', async () => {
    const port = await start()
    const holder = await register(port, 'alice', { token: 'one' })
    await holder.close()
    const next = await connect(port, { id: 'alice', token: 'two' })
    expect(await next.next()).toEqual(isOpen)
  })

  it.each([
    ['an id', { id: '' }],
    ['a token', { token: '' }],
    ['a key', { key: '' }],
  ])('refuses a socket without %s', async (_what, options) => {
    const client = await connect(await start(), options)
    expect(await client.next()).toEqual({
      type: 'ERROR',
      payload: { msg: 'No id, token, or key supplied to websocket server' },
    })
    await client.ended
  })

  it('refuses another key', async () => {
    const client = await connect(await start(), { key: 'other' })
    expect(await client.next()).toEqual({ type: 'ERROR', payload: { msg: 'Invalid key provided' } })
    await client.ended
  })

  it('refuses more clients than it may have', async () => {
    const port = await start({ clients: 1 })
    await register(port, 'alice')
    const bob = await connect(port, { id: 'bob' })
    const msg = 'Server has reached its concurrent user limit'
    expect(await bob.next()).toEqual({ type: 'ERROR', payload: { msg } })
    await bob.ended
  })

  it('tells tokens apart that are not escaped', async () => {
    const port = await start()
    await register(port, 'alice', { token: 'eyJh.eyJz.c2ln-_' })
    const thief = await connect(port, { id: 'alice', token: 'eyJh.eyJz.c2ln-x' })
    expect(await thief.next()).toMatchObject({ type: 'ID-TAKEN' })
  })
})

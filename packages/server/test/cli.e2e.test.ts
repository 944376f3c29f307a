import { once } from 'node:events'
import { expect, it } from 'vitest'
import { spawnCommand, startNodeProcess } from './support/node-process'
import { register } from './support/test-client'

it('serves, and on SIGTERM sends its clients away and exits with 0', async () => {
  const { child, port } = await startNodeProcess('--drain', '500')
  const client = await register(port, 'alice')
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  expect(await client.ended).toEqual({ code: 1001, reason: 'goingAway' })
  expect(await exited).toEqual([0, null])
})

it('exits at once on a second signal', async () => {
  const { child, port, logged } = await startNodeProcess()
  await register(port, 'alice')
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await logged('Stopping')
  child.kill('SIGTERM')
  expect(await exited).toEqual([1, null])
})

it('survives what ends PeerServer', async () => {
  const { port } = await startNodeProcess()
  const other = await register(port, 'bob')
  const client = await register(port, 'alice')
  client.sendText('{')
  expect(await client.ended).toMatchObject({ code: 1007 })
  expect(await other.caughtUp()).toEqual([])
})

it('says what is wrong with a flag, and how it is used', async () => {
  const child = spawnCommand('--port', 'nine')
  const output: Buffer[] = []
  child.stderr?.on('data', (data: Buffer) => output.push(data))
  expect(await once(child, 'exit')).toEqual([2, null])
  expect(Buffer.concat(output).toString()).toMatch(/whole number[\s\S]*Usage: nanopeer-server/)
})

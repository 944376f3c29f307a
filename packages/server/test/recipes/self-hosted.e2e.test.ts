import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished, vi } from 'vitest'
import { findCaddy, findHaproxy } from '../../../../scripts/server-programs.mjs'
import { chat, gather } from '../support/crowd'
import { freePort } from '../support/free-port'
import { startNodeProcess } from '../support/node-process'
import { patience } from '../support/patience'
import { redisPath } from '../support/redis-server'
import { connect, register } from '../support/test-client'

const recipe = readFileSync(new URL('../../../../docs/recipes/self-hosted.md', import.meta.url), 'utf8')
const haproxyPath = findHaproxy()
const caddyPath = findCaddy()
const systemd = '/usr/bin/systemd-analyze'

/** Whether a proxy passes requests on. */
const isUp = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    (response) => response.ok,
    () => false,
  )

/** The file that the recipe shows under this name. */
const fileOf = (name: string): string => {
  const after = recipe.split(`\`${name}\``)[1] ?? ''
  const [, content] = /```\w*\n([\s\S]*?)```/.exec(after) ?? []
  if (!content) throw new Error(`The recipe shows no ${name}.`)
  return content
}

/** The arguments of a unit's command, without addresses and ports: a test has its own. */
const argumentsOf = (unit: string): string[] => {
  const [, command = ''] = /^ExecStart=\S+ (.*)$/m.exec(unit) ?? []
  return command
    .replaceAll(/--(operations_)?(host|port) \S+/g, '')
    .split(' ')
    .filter(Boolean)
}

const folderOfTest = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'nanopeer-recipe-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const start = (
  command: string,
  args: string[],
  environment: Record<string, string> = {},
): { child: ChildProcess; output: string[] } => {
  const env = { ...process.env, ...environment }
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  const output: string[] = []
  child.stdout.on('data', (data) => output.push(String(data)))
  child.stderr.on('data', (data) => output.push(String(data)))
  onTestFinished(() => void child.kill('SIGKILL'))
  return { child, output }
}

it.skipIf(!existsSync(systemd)).each(['nanopeer-server', 'nanopeer-node'])(
  'has a unit %s that systemd understands',
  (name) => {
    const path = join(folderOfTest(), `${name}.service`)
    const unit = fileOf(`/etc/systemd/system/${name}.service`)
    writeFileSync(path, unit.replace('/usr/local/bin/nanopeer-server', process.execPath))
    expect(execFileSync(systemd, ['verify', path], { stdio: 'pipe' }).toString()).toBe('')
  },
)

it.skipIf(!caddyPath)(
  'serves one machine as its unit starts it, behind Caddy, which logs no token',
  async () => {
    const folder = folderOfTest()
    const frontPort = await freePort()
    const node = await startNodeProcess(...argumentsOf(fileOf('/etc/systemd/system/nanopeer-server.service')))
    const caddyFile = fileOf('/etc/caddy/Caddyfile')
      .replace('{', '{\n\tadmin off')
      .replace('peer.example.org {', `http://127.0.0.1:${frontPort} {`)
      .replace('127.0.0.1:9000', `127.0.0.1:${node.port}`)
    const path = join(folder, 'Caddyfile')
    writeFileSync(path, caddyFile)
    const home = { XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder }
    const caddy = start(caddyPath as string, ['run', '--config', path, '--adapter', 'caddyfile'], home)
    await vi.waitUntil(() => isUp(frontPort), patience)

    const [alice, bob] = [await register(frontPort, 'alice'), await register(frontPort, 'bob')]
    alice.send('OFFER', 'bob', 1)
    expect(await bob.next()).toMatchObject({ type: 'OFFER', src: 'alice', payload: 1 })

    node.child.kill('SIGKILL')
    await node.exited
    await expect(connect(frontPort, { id: 'carol', token: 'hunter2' })).rejects.toThrow('502')
    await vi.waitUntil(() => caddy.output.join('').includes('/peerjs'), patience)
    expect(caddy.output.join('')).not.toContain('hunter2')
  },
)

it('starts in a container with flags that there are', async () => {
  const [, list = '[]'] = /^CMD (.*)$/m.exec(fileOf('Dockerfile')) ?? []
  const [, ...args] = JSON.parse(list) as string[]
  const own = args
    .join(' ')
    .replaceAll(/--(operations_host|port) \S+/g, '')
    .split(' ')
    .filter(Boolean)
  await register((await startNodeProcess(...own)).port, 'alice')
})

it.skipIf(!redisPath || !haproxyPath)(
  'serves two machines behind haproxy with Redis, and loses one',
  async () => {
    const folder = folderOfTest()
    const [redisPort, frontPort] = [await freePort(), await freePort()]

    const redisFile = fileOf('/etc/redis/redis.conf')
      .replace('bind 10.0.0.10', 'bind 127.0.0.1')
      .replace('port 6379', `port ${redisPort}`)
    writeFileSync(join(folder, 'redis.conf'), redisFile)
    start(redisPath as string, [join(folder, 'redis.conf')])

    const unit = fileOf('/etc/systemd/system/nanopeer-node.service')
    const [, url = ''] = /^Environment=REDIS_URL=(.*)$/m.exec(unit) ?? []
    const redis = ['--redis', url.replace('10.0.0.10:6379', `127.0.0.1:${redisPort}`)]
    const startNode = () => startNodeProcess(...redis, ...argumentsOf(unit))
    const [one, two] = await Promise.all([startNode(), startNode()])
    await Promise.all([one.ready(), two.ready()])

    const haproxyFile = fileOf('/etc/haproxy/haproxy.cfg')
      .replace('maxconn 100000', 'maxconn 1000')
      .replace(/bind :443 .*/, `bind 127.0.0.1:${frontPort}`)
      .replace('10.0.0.11:9000 check port 9001', `127.0.0.1:${one.port} check port ${one.operationsPort}`)
      .replace('10.0.0.12:9000 check port 9001', `127.0.0.1:${two.port} check port ${two.operationsPort}`)
    const path = join(folder, 'haproxy.cfg')
    writeFileSync(path, haproxyFile)
    execFileSync(haproxyPath as string, ['-c', '-q', '-f', path], { stdio: 'inherit' })
    const haproxy = start(haproxyPath as string, ['-f', path])

    await vi.waitUntil(() => isUp(frontPort), patience)
    const crowd = await gather([frontPort], 100)
    const stop = chat(crowd, crowd, 200)
    one.child.kill('SIGTERM')
    await one.exited
    await vi.waitUntil(() => crowd.every(({ isRegistered }) => isRegistered), patience)
    stop()
    const stopAfter = chat(crowd, crowd, 200)
    await pause(250)
    const sent = stopAfter()
    await vi.waitUntil(() => sent.every(({ to, number }) => to.received.has(number)), patience)

    await (await connect(frontPort, { id: 'thief', key: 'wrong', token: 'hunter2' })).ended
    await vi.waitUntil(() => haproxy.output.join('').includes('/peerjs'), patience)
    expect(haproxy.output.join('')).not.toContain('hunter2')
  },
)

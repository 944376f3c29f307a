import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { RTCPeerConnection as Base } from 'node-datachannel/polyfill'
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript'
import { expect, onTestFinished, test } from 'vitest'
import { standardPeerConnection } from '../src/peer-connection'

const RTCPeerConnection = standardPeerConnection(Base)

const attribute = (type: number, value: Buffer) => {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}

const attributeOf = (message: Buffer, wanted: number): string | null => {
  for (let at = 20; at < message.length; ) {
    const length = message.readUInt16BE(at + 2)
    if (message.readUInt16BE(at) === wanted) return message.toString('utf8', at + 4, at + 4 + length)
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
  return null
}

/** A TURN server that asks every client for its credentials, and tells the user name it is given (RFC 8656). */
const askForUsername = async () => {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  const username = new Promise<string>((resolve) => {
    socket.on('message', (request, { port, address }) => {
      const given = attributeOf(request, 0x0006)
      if (given !== null) return resolve(given)
      const body = Buffer.concat([
        attribute(0x0009, Buffer.from([0, 0, 4, 1])),
        attribute(0x0014, Buffer.from('realm')),
        attribute(0x0015, Buffer.from('nonce')),
      ])
      const head = Buffer.from([0x01, 0x13, 0, body.length])
      socket.send(Buffer.concat([head, request.subarray(4, 20), body]), port, address)
    })
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return { port: socket.address().port, username }
}

test('TURN credentials with the characters of time-limited ones reach the server as they are', async () => {
  const { port, username } = await askForUsername()
  const peerConnection = new RTCPeerConnection({
    iceServers: [{ urls: `turn:127.0.0.1:${port}`, username: '1700000000:us/er@x', credential: 'p:w+/=' }],
  })
  onTestFinished(() => peerConnection.close())
  peerConnection.createDataChannel('any')
  await peerConnection.setLocalDescription(await peerConnection.createOffer())
  await expect(username).resolves.toBe('1700000000:us/er@x')
})

test('the given list of servers stays as it was, and may be frozen', () => {
  const iceServers = Object.freeze([Object.freeze({ urls: 'stun:127.0.0.1:9' })])
  const peerConnection = new RTCPeerConnection({ iceServers: iceServers as unknown as RTCIceServer[] })
  onTestFinished(() => peerConnection.close())
  expect(iceServers).toEqual([{ urls: 'stun:127.0.0.1:9' }])
})

test('a threshold can be set on a channel that is gone, whoever made it', async () => {
  const [dialler, dialled] = [new RTCPeerConnection(), new RTCPeerConnection()]
  const own = dialler.createDataChannel('any')
  const came = new Promise<RTCDataChannel>((resolve) => {
    dialled.ondatachannel = ({ channel }) => resolve(channel as unknown as RTCDataChannel)
  })
  const { sdp } = await dialler.createOffer()
  await dialled.setRemoteDescription({ type: 'offer', sdp })
  const answer = await dialled.createAnswer()
  await dialler.setRemoteDescription({ type: 'answer', sdp: answer.sdp })
  await expect.poll(() => dialler.ext_localCandidates.length).toBeGreaterThan(0)
  for (const candidate of dialler.ext_localCandidates) await dialled.addIceCandidate(candidate)
  const theirs = await came
  const closed = [own, theirs].map((channel) => once(channel, 'close'))
  for (const channel of [own, theirs]) channel.close()
  await Promise.all(closed)
  for (const channel of [own, theirs]) {
    expect(() => Object.assign(channel, { bufferedAmountLowThreshold: 1024 })).not.toThrow()
    expect(channel.bufferedAmountLowThreshold).toBe(1024)
  }
  dialler.close()
  dialled.close()
})

const transpiled = async (name: string) => {
  const source = await readFile(new URL(`../src/${name}.ts`, import.meta.url), 'utf8')
  const { outputText } = transpileModule(source, {
    compilerOptions: { module: ModuleKind.ESNext, target: ScriptTarget.ES2022 },
  })
  return outputText
}

test('a connection that was closed before it opened does not keep the process running', async () => {
  const encoded = async (name: string) => `data:text/javascript;base64,${btoa(await transpiled(name))}`
  const source = (await transpiled('peer-connection'))
    .replace('./dtls-role', await encoded('dtls-role'))
    .replace('./data-channel', await encoded('data-channel'))
  const program = `${source}
    const { RTCPeerConnection: Base } = await import('node-datachannel/polyfill')
    const peerConnection = new (standardPeerConnection(Base))()
    peerConnection.createDataChannel('any')
    await peerConnection.setLocalDescription(await peerConnection.createOffer())
    peerConnection.close()`
  const process = spawn('node', ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    timeout: 20_000,
  })
  await expect(once(process, 'exit')).resolves.toEqual([0, null])
})

/**
 * Small STUN and TURN servers on this machine that pretend to stand behind a NAT of a given kind, for tests of what is
 * made of their answers. Source of the formats: https://www.rfc-editor.org/rfc/rfc8489, https://www.rfc-editor.org/rfc/rfc8656
 */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { networkInterfaces } from 'node:os'

const magic = Buffer.from([0x21, 0x12, 0xa4, 0x42])
/** Not loopback, where a socket has another address than the one it is known by. */
const host =
  Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === 'IPv4' && !address.internal)?.address ?? '127.0.0.1'
/** For documentation; nobody's. Source: https://www.rfc-editor.org/rfc/rfc5737 */
const outside = [198, 51, 100, 7]

/** @param {number} type @param {Buffer} value */
const attribute = (type, value) => {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value, Buffer.alloc((4 - (value.length % 4)) % 4)])
}

/** @param {number} type @param {Buffer} request @param {Buffer[]} attributes */
const response = (type, request, attributes) => {
  const body = Buffer.concat(attributes)
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(body.length, 2)
  return Buffer.concat([head, request.subarray(4, 20), body])
}

/** @param {number[]} address @param {number} port */
const xorMappedAddress = (address, port) => {
  const value = Buffer.alloc(8)
  value[1] = 1
  value.writeUInt16BE(port ^ 0x2112, 2)
  for (const [index, byte] of address.entries())
    value[4 + index] = byte ^ /** @type {number} */ (magic[index])
  return attribute(0x0020, value)
}

/** @param {number} code @param {string} reason */
const errorCode = (code, reason) =>
  attribute(
    0x0009,
    Buffer.concat([Buffer.from([0, 0, Math.floor(code / 100), code % 100]), Buffer.from(reason)]),
  )

/**
 * What each kind of server answers to a request from `port`.
 *
 * @type {Record<string, (request: Buffer, from: { address: string, port: number }, offset: number) => Buffer | null>}
 */
const kinds = {
  open: (request, { address, port }) =>
    response(0x0101, request, [xorMappedAddress(address.split('.').map(Number), port)]),
  cone: (request, { port }) => response(0x0101, request, [xorMappedAddress(outside, port)]),
  symmetric: (request, { port }, offset) =>
    response(0x0101, request, [xorMappedAddress(outside, ((port + offset * 997) % 60_000) + 1024)]),
  silent: () => null,
  unauthorized: (request) =>
    response(request.readUInt16BE(0) | 0x0110, request, [
      errorCode(401, 'Unauthorized'),
      attribute(0x0014, Buffer.from('realm')),
      attribute(0x0015, Buffer.from('nonce')),
    ]),
}

/**
 * @param {string} kind one of `kinds`
 * @param {number} count how many servers
 * @returns their hosts and ports, and how to end them
 */
export const startIceServers = async (kind, count) => {
  const sockets = Array.from({ length: count }, () => createSocket('udp4'))
  const addresses = await Promise.all(
    sockets.map(async (socket, index) => {
      socket.on('message', (request, from) => {
        const answer = kinds[kind]?.(request, from, index)
        if (answer) socket.send(answer, from.port, from.address)
      })
      socket.bind(0, host)
      await once(socket, 'listening')
      return `${host}:${socket.address().port}`
    }),
  )
  return {
    addresses,
    stop() {
      for (const socket of sockets) socket.close()
    },
  }
}

/** As a device of a browser test. @param {{ kind: string, count: number }} settings */
export default async ({ kind, count }) => (await startIceServers(kind, count)).addresses

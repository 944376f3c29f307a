import { describe, expect, test } from 'vitest'
import { action } from '../../src/base/action'
import { responseOf } from '../../src/engine/rpc/bytes'
import { passiveType } from '../../src/engine/rpc/content-type'
import { createPair } from '../support/pair'

const read = action.bytes<string>('read')

/** What a page gets of a device that calls its bytes so. */
const answered = async (
  headers: Record<string, string>,
  body = '<script>alert(document.domain)</script>',
) => {
  const { connection } = await createPair((device) =>
    device.handle(read, () => new Response(new TextEncoder().encode(body), { headers })),
  )
  return connection.request(read, 'it')
}

describe('a Response of a remote', () => {
  test.each([
    'text/html',
    'TEXT/HTML; charset=utf-8',
    ' text/html ',
    'text/html;charset="utf-8',
    'image/svg+xml',
    'application/xhtml+xml',
    'text/xml',
    'application/xml',
    'application/atom+xml',
    'application/mathml+xml',
    'text/xsl',
    'text/javascript',
    'application/ecmascript',
    'multipart/related',
    'multipart/x-mixed-replace; boundary=a',
    'message/rfc822',
    '*/*',
    'unknown/unknown',
    'application/unknown',
    'html',
    'text/html, text/plain',
  ])('has no type that a browser runs in the page: %j is told aside', async (type) => {
    const response = await answered({ 'content-type': type })
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('nanopeer-content-type')).toBe(type.trim())
    expect((await response.blob()).type).toBe('application/octet-stream')
  })

  test('without a type has one that no browser looks behind', async () => {
    const { connection } = await createPair((device) => device.handle(read, () => new Uint8Array(3)))
    const response = await connection.request(read, 'it')
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('nanopeer-content-type')).toBe(null)
  })

  test.each([
    'text/plain; charset=utf-8',
    'image/png',
    'video/mp4; codecs="avc1"',
    'application/json',
    'application/pdf',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ])('keeps any other: %s', (type) => {
    expect(passiveType(type)).toBe(type)
  })

  test.each([
    ['text/plain;, text/html', 'text/plain'],
    ['image/png; x=1, text/html', 'image/png'],
    ['video/mp4;x=1,image/svg+xml', 'video/mp4'],
    ['image/png, text/html', 'image/png'],
    ['text/plain; x="1, text/html"', 'text/plain'],
    ['text/plain; x="\\", text/html"', 'text/plain'],
    ['Text/Plain;\u00e9', 'text/plain'],
    ['text/plain;\u00a0x=1', 'text/plain'],
    ['text/plain; x=\u001b[2J', 'text/plain'],
    ['text/plain; charset', 'text/plain'],
  ])('loses parameters in which a browser may find another type, or none: %j', async (type, left) => {
    expect(passiveType(type)).toBe(left)
  })

  test('has no header that a terminal would act upon', () => {
    const head = { type: 'text/plain; x=\u001b[2J', length: null }
    expect(() => responseOf(head, new ReadableStream())).toThrow(
      expect.objectContaining({ code: 'PROTOCOL' }),
    )
  })

  test.each([
    ['fewer', '10', '0123'],
    ['more', '4', '0123456789'],
  ])('with %s bytes than it has said is an error, not a file', async (_what, length, body) => {
    const response = await answered({ 'content-length': length }, body)
    expect(response.headers.get('content-length')).toBe(length)
    await expect(response.body?.pipeTo(new WritableStream())).rejects.toMatchObject({ code: 'PROTOCOL' })
  })
})

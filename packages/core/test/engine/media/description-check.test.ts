import { expect, test, vi } from 'vitest'
import { DescriptionCheck } from '../../../src/engine/media/description-check'

const first = [
  'v=0',
  'a=group:BUNDLE 0',
  'a=ice-ufrag:u',
  'a=ice-pwd:p',
  'a=fingerprint:sha-256 AA',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:0',
  '',
].join('\r\n')

const check = (sections: number, mids: number, isOurs = (_mid: string) => false) => {
  const bundle = `0 ${'x '.repeat(mids)}z`
  const sdp = first.replace('BUNDLE 0', `BUNDLE ${bundle}`) + 'm=audio 9\na=mid:z\n'.repeat(sections)
  new DescriptionCheck(first).check({ type: 'offer', sdp }, { allowed: 64, isOurs })
}

const tooMany = expect.objectContaining({
  code: 'PROTOCOL',
  message: expect.stringContaining('has more sections than were asked for'),
})

test('a description of more sections than there may ever be is refused before any is looked at', () => {
  const isOurs = vi.fn(() => false)
  expect(() => check(13_500, 10, isOurs)).toThrow(tooMany)
  expect(isOurs).not.toHaveBeenCalled()
  expect(() => check(65, 10)).toThrow(tooMany)
  check(64, 10)
})

test('a long list of what is bundled is gone through once, not for each section', () => {
  const includes = vi.spyOn(Array.prototype, 'includes')
  try {
    check(64, 130_000)
    const lengths = includes.mock.contexts.map((list) => (list as unknown[]).length)
    expect(Math.max(...lengths)).toBeLessThan(1000)
  } finally {
    includes.mockRestore()
  }
})

import { expect, test } from 'vitest'
import { HeaderExtensions } from '../../../src/engine/media/header-extensions'

const sdp = (...lines: readonly string[]) => lines.map((line) => `${line}\r\n`).join('')

test('an extension whose number meant something else in any of our sections, ever, is left out, and no other', () => {
  const extensions = new HeaderExtensions()
  const theirs = sdp('m=video 9 x 96', 'a=mid:1', 'a=extmap:7 urn:congestion', 'a=extmap:8 urn:level')
  expect(extensions.withoutOthers(theirs)).toBe(theirs)
  extensions.said(sdp('m=audio 9 x 111', 'a=mid:2', 'a=extmap:7 urn:timing', 'a=extmap:8/sendonly urn:level'))
  extensions.said(sdp('m=video 9 x 96', 'a=mid:1', 'a=extmap-allow-mixed', 'a=extmap:9 urn:rotation'))
  expect(extensions.withoutOthers(theirs)).toBe(sdp('m=video 9 x 96', 'a=mid:1', 'a=extmap:8 urn:level'))
})

test('half a megabyte of digits is read once: a page that is told so does not stand still for minutes', () => {
  const extensions = new HeaderExtensions()
  for (const line of ['1'.repeat(500_000), `1/${'x'.repeat(500_000)}`, `1${' '.repeat(500_000)}`]) {
    const theirs = sdp('m=video 9 x 96', `a=extmap:${line}`)
    expect(extensions.withoutOthers(theirs)).toBe(theirs)
  }
})

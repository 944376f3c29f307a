import { encodeValue } from '../../src/codec/write'
import { readInvitation } from '../../src/engine/pairing/code'
import { randomScalar, scalarOf, startSpake2 } from '../../src/engine/pairing/spake2'
import { type Frame, FrameType } from '../../src/engine/wire/frame'
import { frame, type MalloryLink } from './mallory'

// The steps of a pairing, as somebody takes them who does not know the code.

export const step = { hello: 1, share: 2, confirm: 3, card: 4, verdict: 5 }

export const pairFrame = (type: number, body: Uint8Array): Frame =>
  frame(FrameType.Pair, 0, new Uint8Array([type, ...body]))

export const helloFrame = (form = 'code', version = 1): Frame =>
  pairFrame(step.hello, encodeValue([version, form, new Uint8Array(16).fill(1)], 'INVALID_INPUT'))

/** A share for whatever password: Mallory does not know the right one. */
export const shareFrame = (): Frame => {
  const w = scalarOf(crypto.getRandomValues(new Uint8Array(8)), 'a guess')
  return pairFrame(
    step.share,
    startSpake2({ role: 'A', identities: { A: '', B: '' }, w }, randomScalar()).share,
  )
}

/** A wrong one, whatever the code. */
export const confirmFrame = (): Frame => pairFrame(step.confirm, new Uint8Array(32))

export const rendezvousOf = (code: string): string => `nanopeer-pair-${readInvitation(code).digits}`

/** Which steps the other side has taken. */
export const stepsOf = ({ frames }: Pick<MalloryLink, 'frames'>): (number | undefined)[] =>
  frames.filter(({ type }) => type === FrameType.Pair).map(({ payload }) => payload[0])

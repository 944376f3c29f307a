import { action } from '@nanopeer/core'

/** Bytes made from a seed, so that both sides and the lab itself know what they must be. */
export const download = action.bytes<{ seed: number; size: number }>('lab.download')

/** Takes bytes; answers with what arrived. */
export const upload = action<void, { sha256: string; size: number }>('lab.upload')

/** The numbers from 0 to `count` - 1, one every `pause` ms. */
export const series = action.events<{ count: number; pause: number }, number>('lab.series')

/** The same number, after `delay` ms. */
export const echo = action<{ number: number; delay: number }, number>('lab.echo')

/** A drawn camera; only a page has one. */
export const camera = action.media('lab.camera')

/** Is never answered. */
export const hang = action<void, never>('lab.hang')

import { NanopeerError } from '../../base/errors'
import { decodeValue } from '../../codec/read'
import { encodeValue } from '../../codec/write'

/** A track of a media answer: the section of the link's description that carries it, by its `a=mid`. */
export interface TrackPlace {
  readonly mid: string
  readonly kind: 'audio' | 'video'
}

/** What carries a media answer's tracks on one link. The latest is what is so. */
export interface Tracks {
  /** The link's number; what is said of any other is out of date. */
  readonly link: number
  readonly places: readonly TrackPlace[]
}

/** A description of the link's own connection. */
export interface LinkDescription {
  readonly link: number
  readonly type: 'offer' | 'answer'
  readonly sdp: string
}

/** The largest description, bytes: a video section of Chromium has 5 KiB, and there may be 64. */
export const maxDescription = 512 * 1024

const bad = (what: string) => new NanopeerError('PROTOCOL', `The remote sent ${what} that is not one.`)

const isLink = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) > 0
const isMid = (value: unknown): value is string => typeof value === 'string' && /^[\w.+-]{1,16}$/.test(value)

export const encodeTracks = ({ link, places }: Tracks): Uint8Array<ArrayBuffer> =>
  encodeValue([link, places.map(({ mid, kind }) => [mid, kind])], 'INVALID_OUTPUT')

/** @throws `NanopeerError` `PROTOCOL` for anything that is not a list of tracks. */
export const decodeTracks = (payload: Uint8Array): Tracks => {
  const fields = decodeValue(payload)
  const [link, places] = Array.isArray(fields) ? (fields as unknown[]) : []
  if (!isLink(link) || !Array.isArray(places)) throw bad('a list of tracks')
  return {
    link,
    places: places.map((place: unknown) => {
      const [mid, kind] = Array.isArray(place) ? (place as unknown[]) : []
      if (!isMid(mid) || (kind !== 'audio' && kind !== 'video')) throw bad('a track')
      return { mid, kind }
    }),
  }
}

export const encodeDescription = ({ link, type, sdp }: LinkDescription): Uint8Array<ArrayBuffer> =>
  encodeValue([link, type, sdp], 'INVALID_OUTPUT')

/** @throws `NanopeerError` `PROTOCOL` for anything that is not a description. What it says is not checked here. */
export const decodeDescription = (payload: Uint8Array): LinkDescription => {
  const fields = decodeValue(payload)
  const [link, type, sdp] = Array.isArray(fields) ? (fields as unknown[]) : []
  if (!isLink(link) || (type !== 'offer' && type !== 'answer') || typeof sdp !== 'string') {
    throw bad('a session description')
  }
  return { link, type, sdp }
}

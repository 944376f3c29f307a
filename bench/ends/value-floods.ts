/** Values as large as may be, and larger, from whoever is served; and what weighs nothing, from whoever is not yet. */
import { encodeValue } from '../../packages/core/src/codec/write'
import { encodeFrames, FrameType } from '../../packages/core/src/engine/wire/frame'
import { frame, hello, type MalloryLink, ready } from '../../packages/core/test/hostile/mallory'
import { encodeRequest } from '../../packages/core/test/support/encode-request'
import { type Flood, type Message, overLink, streams } from './flood'
import { undecided } from './undecided'

const partSize = 60_000

/** A flat map of names that are as long as a name may be that counts once: as many as one value may hold are 199,999. */
const flatMap = (fields: number): Message =>
  encodeValue(
    Object.fromEntries(
      Array.from({ length: fields }, (_, index) => [index.toString(36).padStart(15, 'x'), 1]),
    ),
    'INVALID_INPUT',
  )

/** 2.7 million fields with names of four letters, 16 MiB: more than a value may hold, which is told in its first bytes. */
const millions = (): Message => {
  const map = new Uint8Array(5 + 6 * 2_700_000)
  map.set([0xdf, 0x00, 0x29, 0x32, 0xe0])
  for (let field = 0; field < 2_700_000; field++) map.set([0xa4, 97, 98, 99, 100, 1], 5 + 6 * field)
  return map
}

/** A value in as many frames as it needs, each a message. */
const inParts = (type: FrameType, stream: number, payload: Uint8Array): Message[] => {
  const parts = Math.ceil(payload.length / partSize)
  return Array.from({ length: parts }, (_, part) =>
    encodeFrames(
      frame(type, stream, payload.subarray(part * partSize, (part + 1) * partSize), part < parts - 1),
    ),
  )
}

const asMessage = (value: Message): Message[] => inParts(FrameType.Message, 0, value)

const asRequest = (value: Message): Message[] => {
  const head = { action: 'take', kind: 'value', body: null, requestId: null } as const
  return inParts(FrameType.Request, streams(1)[0] as number, encodeRequest(head, value))
}

/** One value that is meant to keep a device busy; made when it is asked for, because it is large. */
export const blows = {
  'as many fields as may be, asked': () => asRequest(flatMap(199_999)),
  'as many fields as may be, told': () => asMessage(flatMap(199_999)),
  'millions of fields, asked': () => asRequest(millions()),
  'millions of fields, told': () => asMessage(millions()),
} satisfies Record<string, () => Message[]>

export type BlowName = keyof typeof blows

/** Links that are there when the flood begins, because each is closed for what it says. */
const overManyLinks =
  (count: number, make: () => Message[]): Flood =>
  async ({ join, meeting, pass }) => {
    const enter = async (): Promise<MalloryLink> => (await join()).enter(meeting.deviceId)
    const links: MalloryLink[] = []
    while (links.length < count) links.push(await enter())
    const messages = make()
    return async () => {
      const link = links.pop() ?? (await enter())
      for (const message of messages) {
        if (link.isClosed) return
        link.raw(message)
        while (!link.isClosed && link.link.bufferedAmount > 0) await pass(1)
      }
    }
  }

/** Messages of a plain PeerJS client that nobody has decided about, until its link is closed. */
const plain =
  (size: number): Flood =>
  async ({ join, meeting, pass }) => {
    const dial = async () => (await join(undecided)).dialPlain(meeting.deviceId)
    const channels = await Promise.all(Array.from({ length: 8 }, dial))
    return async () => {
      const channel = channels.pop() ?? (await dial())
      let isClosed = false
      channel.listen({ message() {}, drained() {}, closed: () => (isClosed = true) })
      while (!isClosed) {
        for (let count = 0; count < 50; count++) channel.send(new Uint8Array(size))
        await pass(1)
      }
    }
  }

/** Frames without a payload, each a message, of a remote that nobody has decided about. */
const frames: Flood = async ({ join, meeting, pass }) => {
  const dial = async () => {
    const link = await (await join(undecided)).dial(meeting.deviceId)
    link.send(hello(), ready())
    return link
  }
  const links = await Promise.all(Array.from({ length: 8 }, dial))
  const empty = encodeFrames(frame(FrameType.Cancel, 2))
  return async () => {
    const link = links.pop() ?? (await dial())
    while (!link.isClosed) {
      for (let count = 0; count < 50; count++) link.raw(empty)
      await pass(1)
    }
  }
}

const cached = <Value>(make: () => Value): (() => Value) => {
  let made: Value | undefined
  return () => (made ??= make())
}

const largestMap = cached(() => flatMap(199_999))

/** By what a reader of the results calls them. */
export const valueFloods = {
  'empty messages before accept, of PeerJS': plain(0),
  'messages of a byte before accept, of PeerJS': plain(1),
  'empty messages before accept': frames,
  'flat maps of 2.7 million fields': overManyLinks(8, () => asMessage(millions())),
  'flat maps, as messages': overLink(() => asMessage(largestMap())),
  'flat maps, as requests': overLink(() => asRequest(largestMap())),
} satisfies Record<string, Flood>

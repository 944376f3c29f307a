const KiB = 1024
const MiB = 1024 * KiB

/** The version of the wire format; a remote that speaks another is refused with `PROTOCOL`, and told which release to take. */
export const protocolVersion = 2

/** The largest frame where the path allows it: bigger ones gain nothing and make others wait. */
export const maxFrameSize = 128 * KiB
/**
 * The largest message where the path allows it: two frames of 64 KiB, the most that a stream uses, or one of the largest
 * size. Above 128 KiB Chromium takes longer to send the same bytes (docs/decisions/0011).
 */
const maxMessageSize = 130 * KiB
/**
 * Small frames that leave as one message. More of one turn leave in several, so that the remote works on the first while
 * the rest is on its way (docs/decisions/0012).
 */
export const smallBytes = 4 * KiB
/** What every SCTP implementation takes; used where `maxMessageSize` is unknown (RFC 8841 §6.1 leaves it open). */
export const safeMessageSize = 16 * KiB
/** The largest message that a link takes from us. */
export const messageSizeOf = ({ maxMessageSize: size }: { readonly maxMessageSize: number | null }): number =>
  Math.min(maxMessageSize, size ?? safeMessageSize)

/** What a dialler may send before it is accepted, and a stranger can make us buffer. */
export const earlyBytes = 16 * KiB
/** A HELLO is a few hundred bytes, a READY has the metadata besides; anything larger is neither. */
export const maxHandshakeFrame = 4 * KiB

/**
 * What a message that waits takes in memory besides its bytes, at most: its buffer, the view of it and its place in a list.
 * In Node an empty one takes 430; without this a stranger's empty messages would be free.
 */
export const messageOverhead = 512

/**
 * What a remote can make us hold before it is accepted: its early requests, the rest of its handshake, and
 * {@link messageOverhead} for each message, of which an honest one sends three.
 */
export const maxHandshakeBytes = earlyBytes + 3 * maxHandshakeFrame

/** The window every stream starts with. Small enough for a thousand streams, enough for loopback. */
export const initialWindow = 256 * KiB
/**
 * Bytes received before an acknowledgement is sent by itself: more than a reader takes on a fast path before it grants
 * credit, so that both go in one message (docs/decisions/0011). A sender that cannot wait asks for one by a ping.
 */
export const acknowledgeBytes = 512 * KiB
/** Milliseconds after which received frames are acknowledged at the latest. */
export const acknowledgeDelay = 100

/** The channel may hold `rate × channelDelay` bytes, within these bounds: more only delays what comes after. */
export const channelDelay = 20
export const minChannelBytes = 16 * KiB
export const maxChannelBytes = 256 * KiB

/** A path alone never bounds the unacknowledged buffer below this: less would stall it between two acknowledgements. */
export const minUnacknowledged = 1 * MiB

/** What an event counts in its stream's window besides its bytes: a window of empty events has a bound, too. */
export const itemOverhead = 32
/**
 * Requests that may be under way before the remote has said how many it takes at once: what a page asks as it opens goes with
 * the handshake, and a device that takes fewer than this is a rare one.
 */
export const earlyRequests = 16
/** Refusals that may wait to be written: a remote that asks on without reading them is closed. */
export const maxRefusals = 16_384
/** What the inputs of one remote's requests that are not answered yet may take in memory, bytes. */
export const maxPendingInput = 64 * MiB

/** Frames that may be unacknowledged, whatever their size; a remote that acknowledges gets nowhere near. */
export const maxUnacknowledgedFrames = 65_536
/** What all sessions of one peer may hold unacknowledged together, bytes; past it each has only its floor. */
export const maxHeldBytes = 256 * MiB
/** What a session may hold even then. */
export const heldFloor = 256 * KiB

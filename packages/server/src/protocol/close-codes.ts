/**
 * WebSocket close codes that this server uses. Below 4000 they are RFC 6455's.
 * Source: https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1
 */
export const closeCodes = {
  /** The client said that it leaves. */
  left: 1000,
  /** This node drains or stops: come back, and another node answers. */
  goingAway: 1001,
  /** A frame that is not JSON, or no object. */
  invalidFrame: 1007,
  /** More frames than may come before OPEN. */
  tooEarly: 1008,
  /** More frames at once than anybody has who means something by them. */
  flooding: 1008,
  /** A fault of this server while it handled a frame. */
  fault: 1011,
  /** No registrations now: the engine is away. */
  tryAgainLater: 1013,
  /** Another socket registered the same id with the same owner. Not to be answered by coming back. */
  displaced: 4001,
  /** Nothing was heard for `timeouts.alive` ms. */
  silent: 4002,
  /** The token was refused, or its time is over. */
  unauthorized: 4003,
  /** Id taken, wrong key, or another thing that ERROR or ID-TAKEN has said already. */
  refused: 4004,
  /** Much was waiting for this client, and it has read nothing for `timeouts.alive` ms. */
  slowReader: 4008,
} as const

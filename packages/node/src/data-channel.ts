const property = 'bufferedAmountLowThreshold'

/**
 * node-datachannel's channel, whose `bufferedAmountLowThreshold` can be set at any time, as the standard has it: it throws
 * where the channel is gone, also before it has said so.
 * Source: https://www.w3.org/TR/webrtc/#dom-datachannel-bufferedamountlowthreshold
 */
export const settableAtAnyTime = <Channel extends object>(channel: Channel): Channel => {
  const given = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(channel), property)
  return Object.defineProperty(channel, property, {
    get: () => given?.get?.call(channel),
    set(bytes: number) {
      try {
        given?.set?.call(channel, bytes)
      } catch {
        // Nothing is buffered in a channel that is gone; its `close` is on its way.
      }
    },
  })
}

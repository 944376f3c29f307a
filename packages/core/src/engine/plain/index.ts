export { PlainConversation } from './conversation'
export { dialInTime } from './dial'

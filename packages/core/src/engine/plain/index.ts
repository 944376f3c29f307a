export { PlainCalls } from './calls'
export { PlainConversation } from './conversation'
export { dialInTime } from './dial'

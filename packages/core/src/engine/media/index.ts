export { type MediaHost, SessionMedia } from './media'

import type { Entry, Happening } from '../record/entry'
import { formatDuration } from './format'
import type { Tone } from './tone'

/** An entry as a sentence, and how it is shown. */
export interface Described {
  readonly text: string
  readonly tone: Tone
}

const because = (code: string | number | null) => (code === null ? '' : `: ${code}`)

/** Says what happened, for people. Requests are told of elsewhere: nothing is said of them here. */
const describeHappening = (happening: Happening): Described | null => {
  switch (happening.type) {
    case 'dial-started':
      return { text: 'Dialling', tone: 'busy' }
    case 'dial-failed':
      return {
        text: `Dial failed after ${formatDuration(happening.duration)}: ${happening.code}`,
        tone: happening.code === 'ABORTED' ? 'quiet' : 'bad',
      }
    case 'link-up':
      return {
        text: `Link ${happening.link} is up${happening.inbound ? ', dialled by the remote' : ''}`,
        tone: 'good',
      }
    case 'link-down':
      return {
        text: `Link ${happening.link} is down after ${formatDuration(happening.duration)}${because(happening.code)}`,
        tone: happening.code === null ? 'quiet' : 'bad',
      }
    case 'session-began':
      return { text: 'A new session began', tone: 'good' }
    case 'session-resumed':
      return { text: `Session resumed, ${formatDuration(happening.duration)} without a link`, tone: 'good' }
    case 'refused':
      return { text: `Refused a ${happening.what} of the remote`, tone: 'bad' }
    case 'limit-hit':
      return { text: `The remote reached the limit ${happening.limit}`, tone: 'bad' }
    case 'identity':
      return {
        text: `This device is ${happening.key}${happening.created ? ', made just now' : ''}${happening.kept ? '' : ', not kept'}`,
        tone: happening.created || !happening.kept ? 'busy' : 'quiet',
      }
    case 'status':
      return describeStatus(happening)
    case 'request-started':
    case 'request-ended':
      return null
  }
}

/** Links say most of it: what they do not say is silence, and an end. */
const describeStatus = ({ state, error }: Happening & { readonly type: 'status' }): Described | null => {
  if (state === 'unstable') return { text: 'Nothing heard for about 3 s: unstable', tone: 'busy' }
  if (state === 'closed' || state === 'disconnected' || state === 'destroyed') {
    return { text: `${state}${error ? `: ${error.code}` : ''}`, tone: error ? 'bad' : 'quiet' }
  }
  return null
}

/** The latest sentences, newest first. */
export const describeEntries = (
  entries: Iterable<Entry>,
  isMeant: (entry: Entry) => boolean,
  most: number,
): readonly (Described & { readonly entry: Entry })[] => {
  const described: (Described & { readonly entry: Entry })[] = []
  for (const entry of entries) {
    const said = isMeant(entry) ? describeHappening(entry.happening) : null
    if (said) described.push({ ...said, entry })
  }
  return described.slice(-most).reverse()
}

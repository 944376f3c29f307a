import type { Diagnosis } from '@nanopeer/core'
import { verdictOf } from '../shared/findings'
import { Icon } from './Icon'

/** What a diagnosis comes down to. */
export function Verdict({ diagnosis }: { diagnosis: Diagnosis }) {
  const { tone, title, text } = verdictOf(diagnosis)

  return (
    <div className="message" data-tone={tone}>
      <Icon name={tone === 'good' ? 'check' : 'warning'} />
      <p className="words">
        <b>{title}</b>
        <span>{text}</span>
      </p>
    </div>
  )
}

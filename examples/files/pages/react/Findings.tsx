import type { Diagnosis } from '@nanopeer/core'
import { sectionsOf, verdictOf } from '../shared/findings'
import { Icon } from './Icon'

/** What a diagnosis found, the most important first. */
export function Findings({ diagnosis }: { diagnosis: Diagnosis }) {
  const { tone, title, text } = verdictOf(diagnosis)

  return (
    <>
      <div className="message" role="status" aria-label="Diagnosis" data-tone={tone}>
        <Icon name={tone === 'good' ? 'check' : 'warning'} />
        <p className="words">
          <b>{title}</b>
          <span>{text}</span>
        </p>
      </div>
      {sectionsOf(diagnosis).map(({ title, findings }) => (
        <section className="findings" key={title} aria-label={title}>
          <h3>{title}</h3>
          <ul>
            {findings.map(({ id, tone, name, figures, text, addresses }) => (
              <li key={id} data-tone={tone}>
                <b>{name}</b>
                <span className="figures">{figures}</span>
                <p>{text}</p>
                {addresses.map((address) => (
                  <code key={address}>{address}</code>
                ))}
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

import type { Diagnosis } from '@nanopeer/core'
import { sectionsOf } from '../shared/findings'

/** What a diagnosis found: each server, and each kind of address. */
export function Findings({ diagnosis }: { diagnosis: Diagnosis }) {
  return sectionsOf(diagnosis).map(({ title, findings }) => (
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
  ))
}

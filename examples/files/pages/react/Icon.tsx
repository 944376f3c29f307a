import type { IconName } from '../shared/icons'

/** A drawing of `public/icons.svg`. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" aria-hidden="true">
      <use href={`/icons.svg#${name}`} />
    </svg>
  )
}

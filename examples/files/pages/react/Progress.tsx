import type { Progress as Bytes } from '@nanopeer/core'
import type { CSSProperties } from 'react'
import { formatProgress, partOf, percentOf } from '../shared/progress'

/** How far a transfer is. */
export function Progress({ label, progress }: { label: string; progress: Bytes | null }) {
  return (
    <div className="transfer">
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percentOf(progress)}
        style={{ '--part': partOf(progress) } as CSSProperties}
      />
      <span className="figures">{formatProgress(progress)}</span>
    </div>
  )
}

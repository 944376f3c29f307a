import type { Connection } from '@nanopeer/core'
import { useRequest } from '@nanopeer/react'
import { describeDevice } from '../../shared/actions'
import { linkTo, trailOf } from '../shared/folder'

/** The way from the shared folder to the one on screen. */
export function Breadcrumb({ connection, folder }: { connection: Connection | null; folder: string }) {
  const { data: device } = useRequest(connection, describeDevice)
  const trail = [{ name: device?.folder ?? 'Device', path: '' }, ...trailOf(folder)]

  return (
    <nav className="breadcrumb" aria-label="Folder">
      <ol>
        {trail.map(({ name, path }) => (
          <li key={path}>
            <a href={linkTo(path)} aria-current={path === folder ? 'page' : undefined}>
              {name}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  )
}

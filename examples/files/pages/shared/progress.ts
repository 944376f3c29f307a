import type { Progress } from '@nanopeer/core'
import { formatBytes } from './format'

/** How much of a transfer is done, from 0 to 1; undefined while its size is not known. */
export const partOf = (progress: Progress | null): number | undefined => {
  if (!progress?.total) return undefined
  return Math.min(progress.loaded / progress.total, 1)
}

/** {@link partOf} as a whole number of percent. */
export const percentOf = (progress: Progress | null): number | undefined => {
  const part = partOf(progress)
  return part === undefined ? undefined : Math.floor(part * 100)
}

/** A transfer in words, such as `9.6 MiB of 24.0 MiB`. */
export const formatProgress = (progress: Progress | null): string => {
  if (progress === null) return 'Waiting …'
  const { loaded, total } = progress
  return total === undefined ? formatBytes(loaded) : `${formatBytes(loaded)} of ${formatBytes(total)}`
}

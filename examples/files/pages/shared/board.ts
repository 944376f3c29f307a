import type { RemoteStoreState } from '@nanopeer/core'
import type { Looker } from '../../shared/stores'

/** What is said beside the heading of something that is shared. */
export const describeState = ({
  status,
  isStale,
  isPending,
}: Pick<RemoteStoreState, 'status' | 'isStale' | 'isPending'>): string => {
  if (status !== 'ready') return 'waiting for the device'
  if (isStale) return isPending ? 'to be saved' : 'as it was last'
  return isPending ? 'saving …' : 'live'
}

/** Whether a page has to say that it is looking: the device has told who is, and does not have it like this. */
export const isUnannounced = (
  {
    value,
    isStale,
    error,
  }: Pick<RemoteStoreState<Readonly<Record<string, Looker>>>, 'value' | 'isStale' | 'error'>,
  id: string,
  { page, folder }: Looker,
): boolean => {
  // Who is refused would be refused again.
  if (!value || isStale || (error !== null && 'code' in error && error.code === 'REFUSED')) return false
  const entry = value[id]
  return entry?.page !== page || entry.folder !== folder
}

/** Who is looking, in the order of their ids, which stays as it is while they move. */
export const lookersOf = (value: Readonly<Record<string, Looker>> = {}) =>
  Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { page, folder }]) => ({ id, page, place: folder === '' ? 'shared folder' : folder }))

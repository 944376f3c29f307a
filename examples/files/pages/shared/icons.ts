import type { FileEntry } from '../../shared/actions'

/** The name of a drawing in `public/icons.svg`. */
export type IconName =
  | 'away'
  | 'check'
  | 'chevron'
  | 'data'
  | 'download'
  | 'file'
  | 'folder'
  | 'image'
  | 'logo'
  | 'sound'
  | 'text'
  | 'upload'
  | 'warning'

const byEnding: readonly (readonly [RegExp, IconName])[] = [
  [/\.(gif|jpe?g|png|svg|webp|avif|heic)$/i, 'image'],
  [/\.(flac|m4a|mp3|ogg|opus|wav)$/i, 'sound'],
  [/\.(csv|css|html?|js|json|toml|ts|xml|ya?ml)$/i, 'data'],
  [/\.(log|md|pdf|rtf|txt)$/i, 'text'],
]

/** The icon for a file or folder. */
export const iconOf = ({ kind, name }: FileEntry): IconName =>
  kind === 'folder' ? 'folder' : (byEnding.find(([ending]) => ending.test(name))?.[1] ?? 'file')

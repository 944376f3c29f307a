declare module '@size-limit/file' {
  const plugins: object[]
  export default plugins
}

declare module 'size-limit' {
  /** Checks the files with the plugins. */
  export default function sizeLimit(plugins: object[], files: string[]): Promise<{ size: number }[]>
}

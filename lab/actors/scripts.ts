import { fileURLToPath } from 'node:url'

/** Where the build puts a script, beside the lab's own. */
export const builtScript = (name: string): string => fileURLToPath(new URL(`./${name}.js`, import.meta.url))

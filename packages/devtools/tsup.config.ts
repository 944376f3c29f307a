import { readFile } from 'node:fs/promises'
import type { Options } from 'tsup'
import { library } from '../../scripts/tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** Bundlers shorten code and not what is in its strings: styles, and the indentation of templates, are shortened here. */
const shortenTemplates: Plugin = {
  name: 'shorten-templates',
  setup({ onLoad, esbuild }) {
    onLoad({ filter: /\/src\/element\/.*\.ts$/ }, async ({ path }) => {
      let code = await readFile(path, 'utf8')
      const styles = /css`([^`]*)`/.exec(code)?.[1]
      if (styles !== undefined) {
        const short = await esbuild.transform(styles, { loader: 'css', minify: true, target: 'esnext' })
        code = code.replace(styles, () => short.code.trim())
      }
      // A line break stays: between two words or elements it is a space.
      return { contents: code.replace(/\n\s+/g, '\n'), loader: 'ts' }
    })
  },
}

// Lit is a development dependency, and so bundled: its own development build, which pages would else be given, warns of itself.
export default library({
  entry: { index: 'src/index.ts', nothing: 'src/nothing.ts' },
  esbuildPlugins: [shortenTemplates],
})

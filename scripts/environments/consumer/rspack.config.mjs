import { resolve } from 'node:path'
import { rspack } from '@rspack/core'

const build = (entry, output, templateContent) => ({
  mode: 'production',
  entry,
  output: { path: resolve(output), publicPath: '' },
  plugins: [new rspack.HtmlRspackPlugin({ templateContent, inject: 'body' })],
})

export default [
  build('./page/main.js', 'built/rspack', '<p></p>'),
  build('./copies/main.js', 'built/rspack-copies', '<div></div><div></div>'),
]

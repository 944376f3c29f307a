import { resolve } from 'node:path'
import { rspack } from '@rspack/core'

export default {
  mode: 'production',
  entry: './page/main.js',
  output: { path: resolve('built/rspack'), publicPath: '' },
  plugins: [new rspack.HtmlRspackPlugin({ templateContent: '<p></p>', inject: 'body' })],
}

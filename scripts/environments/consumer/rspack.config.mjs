import { rspack } from '@rspack/core'

export default {
  mode: 'production',
  entry: './page/main.js',
  output: { path: `${import.meta.dirname}/built/rspack`, publicPath: '' },
  plugins: [new rspack.HtmlRspackPlugin({ templateContent: '<p></p>', inject: 'body' })],
}

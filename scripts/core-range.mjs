/**
 * The manifest of a package whose range of cores begins with this version. An adapter imports what the core of its own release
 * exports: npm is to refuse it beside an older one, which may lack that.
 *
 * @param {string} manifest the text of its package.json
 * @param {string} version
 */
export const withCoresFrom = (manifest, version) =>
  manifest.replace(/("@nanopeer\/core": ">=)[^ "]+/, `$1${version}`)

/**
 * The Node process of one device in a browser test: imports a script and hands its default export the test's
 * settings. Ends with the test run, even where that is killed.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [script = '', settings = '{}'] = process.argv.slice(2)
process.once('disconnect', () => process.exit())

const device = await import(pathToFileURL(resolve(script)).href)
const message = await device.default(JSON.parse(settings))
process.send?.(message ?? null)

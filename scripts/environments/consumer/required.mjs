/** What is imported and what is required are one copy: the packages are ES modules only. */
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import * as imported from '@nanopeer/core'

const required = createRequire(import.meta.url)('@nanopeer/core')
assert.equal(required.createPeer, imported.createPeer)
console.log('What is required is what is imported.')

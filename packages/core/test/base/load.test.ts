import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { NanopeerError } from '../../src/base/errors'
import { load, ReloadError } from '../../src/base/load'

// What browsers really do with a file that does not load is in e2e/chunks.e2e.test.ts.

const folder = mkdtempSync(join(tmpdir(), 'nanopeer-load-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const urlOf = (file: string): string => pathToFileURL(join(folder, file)).href

/** A file that is there. */
const write = (file: string, code: string): string => {
  writeFileSync(join(folder, file), code)
  return urlOf(file)
}

type Part = { readonly part: string }

/** What browsers reject an import with. */
const failure = (url: string) => new TypeError(`Failed to fetch dynamically imported module: ${url}`)

const failing = (url: string) => {
  let count = 0
  const fetch = (): Promise<Part> => {
    count++
    return Promise.reject(failure(url))
  }
  return { fetch, count: () => count }
}

test('two who ask at once share one load', async () => {
  let count = 0
  const fetch = async () => ({ part: `load ${++count}` })
  const loads = [load('shared', fetch, 'part'), load('shared', fetch, 'part')]
  expect(await Promise.all(loads)).toEqual([{ part: 'load 1' }, { part: 'load 1' }])
  expect(await load('shared', fetch, 'part')).toEqual({ part: 'load 1' })
})

test('a load that fails is NETWORK for all who share it, and is made again for who asks next', async () => {
  const { fetch, count } = failing(urlOf('missing.mjs'))
  const loads = [load('failing', fetch, 'part'), load('failing', fetch, 'part')]
  for (const { reason } of (await Promise.allSettled(loads)) as PromiseRejectedResult[]) {
    expect(reason).toMatchObject({ code: 'NETWORK', message: expect.stringContaining('A file of failing') })
    expect(reason.cause).toBeInstanceOf(TypeError)
  }
  expect(count()).toBe(1)
  expect(await load('failing', async () => ({ part: 'here' }), 'part')).toEqual({ part: 'here' })
})

test('a browser that remembers a failure is asked by another URL, the second time only', async () => {
  const { fetch } = failing(write('remembered.mjs', 'export const part = "from the file"'))
  await expect(load('remembered', fetch, 'part')).rejects.toMatchObject({ code: 'NETWORK' })
  expect((await load('remembered', fetch, 'part')).part).toBe('from the file')
})

test('a failure of the other URL, too, is NETWORK, and may end well the next time', async () => {
  const { fetch, count } = failing(urlOf('later.mjs'))
  await expect(load('later', fetch, 'part')).rejects.toMatchObject({ code: 'NETWORK' })
  await expect(load('later', fetch, 'part')).rejects.not.toBeInstanceOf(ReloadError)
  write('later.mjs', 'export const part = "late"')
  expect((await load('later', fetch, 'part')).part).toBe('late')
  expect(count()).toBe(3)
})

test('a file that the part needs, and that only another URL brings, takes a reload', async () => {
  const { fetch } = failing(write('needed.mjs', 'export const helper = 1'))
  await expect(load('needed', fetch, 'part')).rejects.not.toBeInstanceOf(ReloadError)
  const error = await load('needed', fetch, 'part').catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ReloadError)
  expect(error).toMatchObject({ code: 'NETWORK', message: 'A file of needed did not load. Reload the page.' })
})

test('what another URL brings is not taken for the part where the part itself loads again', async () => {
  const url = write('own.mjs', 'export const helper = 1')
  let attempts = 0
  const fetch = () =>
    ++attempts < 3 ? Promise.reject<Part>(failure(url)) : Promise.resolve({ part: 'by its own URL' })
  await expect(load('own', fetch, 'part')).rejects.toMatchObject({ code: 'NETWORK' })
  expect((await load('own', fetch, 'part')).part).toBe('by its own URL')
})

test('an error that names no file is no reason to import anything', async () => {
  const error = Object.assign(new Error('Loading chunk 7 failed.\n(error: http://127.0.0.1/7.js)'), {
    name: 'ChunkLoadError',
  })
  for (let attempt = 0; attempt < 3; attempt++) {
    const loading = load('webpack', () => Promise.reject<Part>(error), 'part')
    await expect(loading).rejects.toMatchObject({ code: 'NETWORK', cause: error })
  }
})

test("an import that gives nothing, as Vite's does where the app handles it, is NETWORK", async () => {
  const nothing = () => Promise.resolve(undefined as unknown as Part)
  await expect(load('nothing', nothing, 'part')).rejects.toMatchObject({ code: 'NETWORK' })
})

test('an error of ours that ends a load stays what it is', async () => {
  const error = new NanopeerError('UNSUPPORTED', 'There is no WebRTC here.')
  await expect(load('ours', () => Promise.reject<Part>(error), 'part')).rejects.toBe(error)
})

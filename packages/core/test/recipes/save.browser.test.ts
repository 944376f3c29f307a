/// <reference path="../../../../scripts/docs/preludes/save-file-picker.ts" />
import { afterEach, beforeEach, expect, test } from 'vitest'
import { action } from '../../src/index'
import { createPair } from '../support/pair'
import { save } from './save'

const readFile = action.bytes('files.read')
let file: FileSystemFileHandle

/** The user chooses a file of the page's own, which is written to in the same way. */
beforeEach(async () => {
  const folder = await navigator.storage.getDirectory()
  file = await folder.getFileHandle('film', { create: true })
  window.showSaveFilePicker = async () => file
})

afterEach(async () => {
  window.showSaveFilePicker = undefined
  await (await navigator.storage.getDirectory()).removeEntry('film')
})

const size = async () => (await file.getFile()).size

test('a download is streamed into the file that was chosen', async () => {
  const { connection } = await createPair((device) => {
    device.handle(readFile, () => new Response(new Uint8Array(3_000_000)))
  })
  await save('film', () => connection.request(readFile))
  expect(await size()).toBe(3_000_000)
})

test('a download that is aborted leaves the file as it was', async () => {
  const { connection } = await createPair((device) => {
    device.handle(readFile, async function* () {
      yield new Uint8Array(1000)
      await new Promise(() => {})
    })
  })
  const controller = new AbortController()
  const saved = save('film', () =>
    connection.request(readFile, undefined, {
      signal: controller.signal,
      onProgress: ({ loaded }) => loaded > 0 && controller.abort(),
    }),
  )
  await expect(saved).rejects.toMatchObject({ code: 'ABORTED' })
  expect(await size()).toBe(0)
})

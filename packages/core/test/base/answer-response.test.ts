import { expect, test } from 'vitest'
import { createAnswer } from '../../src/base/answer-response'
import { NanopeerError } from '../../src/base/errors'

test('a form is read of an answer as of any Response, and once', async () => {
  const form = new FormData()
  form.set('name', 'notes')
  form.set('file', new File(['some text'], 'notes.txt', { type: 'text/plain' }))
  const whole = new Response(form)
  const answer = createAnswer(whole.body, whole)
  const read = await answer.clone().formData()
  expect(read.get('name')).toBe('notes')
  expect(await (read.get('file') as File).text()).toBe('some text')
  await answer.formData()
  await expect(answer.formData()).rejects.toThrow(TypeError)
})

test('a form whose connection is lost says why', async () => {
  const lost = new NanopeerError('CONNECTION_LOST', 'The link is gone.')
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(lost) })
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  await expect(createAnswer(body, { headers }).formData()).rejects.toBe(lost)
})

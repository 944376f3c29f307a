import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { patience, visit } from '../../../examples/files/test/browser'
import { readTutorial, writeFiles } from '../tutorial.mjs'
import { freePort } from './script'
import { runCommand } from './terminal'

/** Where the tutorials have been set up; without them, as in a bare run of vitest, there is nothing to test. */
const folder = process.env.NANOPEER_APPS ?? ''

/**
 * Writes the files of a tutorial's page, and makes its commands ready to run, on ports that are free. `--host` is left out:
 * a phone is to reach the page, and nobody else's machine a test.
 */
async function follow(page: string) {
  const place = join(folder, page)
  const tutorial = readTutorial(page)
  const [signalling, pages] = [String(await freePort()), String(await freePort())]
  // In one go: a port that was put in may have the other's digits.
  const withPorts = (text: string) =>
    text.replace(/9000|5173/g, (port) => (port === '9000' ? signalling : pages))
  await writeFiles(tutorial, place, withPorts)
  const start = (word: string) => {
    const command = tutorial.commands.find((line) => line.includes(word))
    if (!command) throw new Error(`${page} has no command with ${word}.`)
    return runCommand(place, withPorts(command).replace('vite --host', 'vite'))
  }
  return {
    place,
    origin: `http://localhost:${pages}`,
    secureOrigin: `https://localhost:${pages}`,
    start,
    /** The signalling server and the pages, which every tutorial has. */
    async startServers() {
      const server = start('@nanopeer/server')
      const vite = start('vite')
      await Promise.all([server.line(/./), vite.line(/Local/)])
      return { server }
    },
  }
}

const eventually = <Shown>(shown: () => Promise<Shown>) =>
  expect.poll(shown, { timeout: patience, interval: 50 })

/** The link that a device prints. */
const linkIn = (line: string) => line.slice(line.indexOf('http'))

describe.runIf(folder)('from its page alone', () => {
  test("the README's quick start, in React, lists a file and downloads it", async () => {
    const { place, start, startServers } = await follow('React')
    await startServers()
    const link = linkIn(await start('device.ts').line(/secret=/))
    await writeFile(join(place, 'shared', 'film.mp4'), 'A film.')
    const { page } = await visit(link)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'film.mp4' }).click()
    expect((await download).suggestedFilename()).toBe('film.mp4')
  })

  test.each(['Vue', 'Svelte'])("the README's quick start, in %s, lists a file", async (framework) => {
    const { place, start, startServers } = await follow(framework)
    const html = join(place, 'index.html')
    await writeFile(html, (await readFile(html, 'utf8')).replace('/main.tsx', '/main.ts'))
    await startServers()
    const link = linkIn(await start('device.ts').line(/secret=/))
    await writeFile(join(place, 'shared', 'film.mp4'), 'A film.')
    const { page } = await visit(link)
    await page.getByText('film.mp4, 7 bytes').waitFor()
  })

  test('the NAS lists and downloads, refuses who has no secret, and is found again after a restart', async () => {
    const { place, origin, start, startServers } = await follow('nas-in-a-page')
    await startServers()
    const device = start('device.ts')
    const link = linkIn(await device.line(/secret=/))
    const { page } = await visit(link)
    await page.getByRole('status').getByText('open', { exact: true }).waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'hello.txt' }).click()
    expect((await download).suggestedFilename()).toBe('hello.txt')
    await writeFile(join(place, 'shared', 'film.mp4'), 'A film.')
    await page.getByRole('button', { name: 'Look again' }).click()
    await page.getByRole('button', { name: 'film.mp4' }).waitFor()

    const { page: stranger } = await visit(`${origin}/`)
    await stranger.getByRole('alert').waitFor()
    expect(await stranger.getByRole('listitem').count()).toBe(0)
    await stranger.goto(link) // into the same tab
    await stranger.getByRole('button', { name: 'hello.txt' }).waitFor()

    await device.interrupt()
    await page.getByRole('status').getByText('open', { exact: true }).waitFor({ state: 'detached' })
    const again = start('device.ts')
    await again.line(/secret=/)
    await page.getByRole('status').getByText('open', { exact: true }).waitFor()
  })

  test('a phone is paired by the code, switches the lamp, and is let in until it is taken off', async () => {
    const { secureOrigin, start, startServers } = await follow('pair-a-phone')
    await startServers()
    const device = start('device.ts')
    await device.line(/Enter pairs a phone/)
    device.type('')
    const codeIn = (line: string) => line.slice(line.lastIndexOf(' ') + 1)
    const code = codeIn(await device.line(/ type \S+$/))
    const { page } = await visit(`${secureOrigin}/`, { ignoreHTTPSErrors: true })
    const field = page.getByRole('textbox')
    await field.fill('482913')
    await page.getByRole('button', { name: 'Pair' }).click()
    await page.getByRole('alert').getByText('6 digits and 2 words').waitFor()
    await field.fill(code.toUpperCase())
    await page.getByRole('button', { name: 'Pair' }).click()
    await device.line(/^Paired with /)
    await page.getByRole('button', { name: 'To the lamp' }).click()
    await page.getByRole('button', { name: 'Turn it on' }).click()
    await device.line(/The lamp is on, at 50 %/)

    await page.reload()
    await page.getByRole('slider').fill('80')
    await device.line(/The lamp is on, at 80 %/)

    device.type('revoke 1')
    await field.waitFor()
    // The phone is out before that is written down.
    await device.line(/^Took .* off/)
    device.type('list')
    await device.line(/No phone is paired/)

    // What the camera opens has a code behind the `#`, and there is nothing to type.
    device.type('')
    const next = codeIn(await device.line(new RegExp(` type (?!${code})\\S+$`)))
    const { page: other } = await visit(`${secureOrigin}/#${next}`, { ignoreHTTPSErrors: true })
    await other.getByRole('button', { name: 'Pair' }).click()
    await other.getByRole('button', { name: 'To the lamp' }).click()
    await other.getByRole('button', { name: 'Turn it off' }).waitFor()
    expect(other.url()).toBe(`${secureOrigin}/`)
  })

  test('the chat goes both ways, without the signalling server too, and a guest who leaves is gone', async () => {
    const { origin, startServers } = await follow('chat')
    const { server } = await startServers()
    const { page: host } = await visit(`${origin}/`)
    await host.getByText('Nobody is here yet.').waitFor()
    const room = await host.getByRole('link', { name: 'the room' }).getAttribute('href')
    const { page: guest } = await visit(room ?? '')
    await guest.getByRole('status').getByText('open').waitFor()
    const say = async (page: typeof host, text: string) => {
      await page.getByRole('textbox').fill(text)
      await page.getByRole('button', { name: 'Say it' }).click()
    }
    await say(guest, 'Hello?')
    await host.getByText('They: Hello?').waitFor()
    await server.interrupt()
    await say(host, 'Here.')
    await guest.getByText('They: Here.').waitFor()
    await host.getByText('You: Here.', { exact: true }).waitFor()
    await guest.close()
    await host.getByText('Nobody is here yet.').waitFor()
    expect(await host.getByRole('textbox').count()).toBe(0)
  })

  test('the dashboard shows readings in two windows, and one sets what both show', async () => {
    const { start, startServers } = await follow('sensors')
    await startServers()
    const link = linkIn(await start('device.ts').line(/secret=/))
    const [{ page: one }, { page: other }] = [await visit(link), await visit(link)]
    await one.getByText('Every 1 s').waitFor()
    await one.getByText(/\d MB/).waitFor()
    await other.getByText('Every 1 s').waitFor()
    await one.getByRole('slider').fill('5')
    await other.getByText('Every 5 s').waitFor()
  })

  test('the clock runs on PeerJS, then with a new device, then with a new page', async () => {
    const { origin, start, startServers } = await follow('from-raw-peerjs')
    await startServers()
    const isTime = /\d\d:\d\d:\d\d/
    const { page: oldDevice } = await visit(`${origin}/old-device.html`)
    const { page: first } = await visit(`${origin}/old-page.html`)
    const shownTime = first.locator('output').filter({ hasText: isTime })
    // PeerJS dials once: a page that came before its device is loaded anew, and given the time that a dial takes.
    await eventually(async () => {
      await first.reload()
      return shownTime.textContent({ timeout: 3000 }).catch(() => '')
    }).toMatch(isTime)
    await Promise.all([oldDevice.close(), first.close()])

    const device = start('device.ts')
    await device.line(/is open/)
    const { page: second } = await visit(`${origin}/old-page.html`)
    await second.locator('output').getByText(isTime).waitFor()

    const { page } = await visit(`${origin}/`)
    const shown = () => page.locator('output').textContent()
    await eventually(shown).toMatch(isTime)
    const before = await shown()
    await eventually(shown).not.toBe(before)
    await device.interrupt()
    await page.locator('small').getByText('open', { exact: true }).waitFor({ state: 'detached' })
    await start('device.ts').line(/is open/)
    await page.locator('small').getByText('open', { exact: true }).waitFor()
  })
})

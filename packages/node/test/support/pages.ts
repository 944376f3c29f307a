import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { chromiumArguments, findChromium } from '../../../../scripts/chromium.mjs'
import { findFirefox, firefoxPreferences } from '../../../../scripts/firefox.mjs'
import { bundlePage } from '../../../../scripts/vitest/bundle'

/** A browser that a page can be opened in, as its user has it: no driver, no test runner in it. */
export interface Browser {
  readonly name: string
  /** The command for a page, in a profile of its own. */
  command(profile: string, url: string): Promise<[path: string, ...args: string[]]>
}

export const chromium: Browser = {
  name: 'Chromium',
  async command(profile, url) {
    const path = await findChromium()
    if (!path) throw new Error('There is no Chromium; node scripts/setup.mjs installs one.')
    const rules = '--host-resolver-rules=MAP nas.lan 127.0.0.1'
    return [path, '--headless=new', ...chromiumArguments, rules, `--user-data-dir=${profile}`, url]
  },
}

/** Null where there is none, and the set-up could not install one. */
export const firefox: Browser | null = (() => {
  const path = findFirefox()
  if (!path) return null
  return {
    name: 'Firefox',
    async command(profile, url) {
      const lines = Object.entries(firefoxPreferences).map(
        ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
      )
      await writeFile(join(profile, 'user.js'), lines.join('\n'))
      return [path, '--headless', '--no-remote', '--profile', profile, url]
    },
  }
})()

/** What a page says, in the order in which it said it. */
export interface Page {
  readonly said: Record<string, unknown>[]
}

/** Ends a browser with all its processes. */
const end = async (browser: ChildProcess): Promise<void> => {
  if (browser.exitCode !== null || browser.signalCode !== null || browser.pid === undefined) return
  const ended = once(browser, 'exit')
  process.kill(-browser.pid, 'SIGKILL')
  await ended
}

/** Opens a page in a browser, until the test ends. `settings` are its `location.hash`, as JSON. */
export const openPage = async (
  browser: Browser,
  entry: URL,
  settings: unknown,
  hostname = '127.0.0.1',
): Promise<Page> => {
  const code = await bundlePage(entry)
  const said: Record<string, unknown>[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'POST') {
      let body = ''
      for await (const chunk of request) body += chunk
      said.push(JSON.parse(body))
      response.end()
    } else if (request.url === '/page.js') {
      response.setHeader('content-type', 'text/javascript')
      response.end(code)
    } else {
      response.setHeader('content-type', 'text/html')
      response.end('<!doctype html><script type="module" src="/page.js"></script>')
    }
  }
  const server = createServer((request, response) => {
    // A browser that is ended in the middle of a word has nothing more to say.
    answer(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const profile = await mkdtemp(join(tmpdir(), 'nanopeer-page-'))
  const url = `http://${hostname}:${port}/#${encodeURIComponent(JSON.stringify(settings))}`
  const [path, ...args] = await browser.command(profile, url)
  const started = spawn(path, args, {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, HOME: profile },
  })
  onTestFinished(async () => {
    await end(started)
    server.closeAllConnections()
    server.close()
    await rm(profile, { recursive: true, force: true, maxRetries: 10 })
  })
  return { said }
}

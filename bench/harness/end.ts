import type { Browser, CDPSession, Page } from 'playwright-core'
import type { Commands } from '../ends/commands'
import type { NodeCommands } from '../ends/node'
import { type Child, startChild } from './child'
import type { WebServer } from './web-server'

type Table = { readonly [name: string]: (...values: never[]) => unknown }

/** Calls a command at an end. */
export type Tell<Of extends Table> = <Name extends keyof Of>(
  command: Name,
  ...values: Parameters<Of[Name]>
) => Promise<Awaited<ReturnType<Of[Name]>>>

/** One end of what is measured. */
export interface End<Of extends Table = Commands> {
  readonly tell: Tell<Of>
  /** Collects garbage now, so that nobody pays for what another one left. */
  collect(): Promise<void>
  stop(): Promise<void>
}

/** An end in a page of its own process. */
export interface PageEnd<Of extends Table = Commands> extends End<Of> {
  readonly page: Page
  readonly devtools: CDPSession
}

/** Opens a page in a browser profile of its own, which gives it a process of its own. */
export async function openPage<Of extends Table = Commands>(
  browser: Browser,
  server: Pick<WebServer, 'origin'>,
  script = 'ends/page.js',
): Promise<PageEnd<Of>> {
  const page = await browser.newPage()
  page.on('pageerror', (error) => console.error(error))
  const devtools = await page.context().newCDPSession(page)
  await page.goto(`${server.origin}/page?${script}`)
  await page.waitForFunction('globalThis.crossOriginIsolated && globalThis.bench')
  const tell = (command: string, ...values: unknown[]) =>
    page.evaluate(
      ([name, given]) => {
        const { bench } = globalThis as unknown as {
          bench: Record<string, (...values: unknown[]) => unknown>
        }
        return bench[name]?.(...given)
      },
      [command, values] as const,
    )
  return {
    page,
    devtools,
    tell: tell as Tell<Of>,
    collect: async () => void (await devtools.send('HeapProfiler.collectGarbage')),
    stop: () => page.close(),
  }
}

/** Starts a Node process for one contestant. */
export async function startNodeEnd(contestant: string): Promise<End<NodeCommands>> {
  const child: Child<true> = await startChild('./ends/node.mjs', {
    args: [contestant],
    execArgv: ['--expose-gc'],
  })
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  let count = 0
  child.onMessage((message) => {
    const { id, result, error } = message as { id: number; result?: unknown; error?: string }
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(result)
    else call?.reject(new Error(error))
  })
  const tell = (command: string, ...values: unknown[]) =>
    new Promise((resolve, reject) => {
      const id = ++count
      waiting.set(id, { resolve, reject })
      child.send({ id, command, values })
    })
  return {
    tell: tell as Tell<NodeCommands>,
    collect: async () => void (await tell('memory')),
    stop: () => child.stop(),
  }
}

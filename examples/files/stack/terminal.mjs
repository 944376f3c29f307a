import { createInterface } from 'node:readline'
import { renderUnicodeCompact } from 'uqr'

/** @typedef {import('./child.mjs').Child} Child */

/**
 * Lets whoever sits at the terminal pair pages with the device, see which may come in, and take them off again.
 *
 * @param {{ origin: string, device: () => Child }} demo
 */
export function attachTerminal({ origin, device }) {
  const pair = async () => {
    const { code, qr } = await device().ask('pair')
    console.log(
      `\n${renderUnicodeCompact(`${origin}/#pair=${qr}`)}\n\n  To pair a page, type ${code} into it. It is good once, for two minutes.\n`,
    )
  }
  const list = () => device().ask('list')
  const show = async () => {
    const remotes = await list()
    if (remotes.length === 0) console.log('  Nobody is paired.')
    for (const [index, { id, key }] of remotes.entries())
      console.log(`  ${index + 1}  ${key.slice(0, 8)}  paired as ${id}`)
  }
  const revoke = async (/** @type {number} */ number) => {
    const remote = (await list())[number - 1]
    if (!remote) return console.log('  There is none with this number: l lists them.')
    await device().ask('revoke', remote.key)
    console.log(`  ${remote.key.slice(0, 8)} is not let in any more.`)
  }
  const obey = async (/** @type {string} */ line) => {
    const [command, number] = line.trim().split(/\s+/)
    if (command === 'p') return pair()
    if (command === 'l') return show()
    if (command === 'r') return revoke(Number(number))
    console.log('  p shows a code to pair a page, l lists the pages that are paired, r 1 revokes the first.')
  }
  const safely = (/** @type {Promise<unknown> | undefined} */ done) =>
    done?.catch((error) => console.error(`  ${error.message}`))
  createInterface({ input: process.stdin }).on('line', (line) => safely(obey(line)))
  safely(pair())
}

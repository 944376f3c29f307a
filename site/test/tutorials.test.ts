import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readTutorial, tutorials } from '../../scripts/apps/tutorial.mjs'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** What a folder has beside the files that its tutorial writes. */
const around = [
  '.gitignore',
  'README.md',
  'identity.json',
  'known.json',
  'node_modules',
  'package-lock.json',
  'package.json',
  'secret.txt',
  'shared',
]

describe.each(tutorials)('the tutorial $page', ({ page, example }) => {
  const folder = join(repository, 'examples', example)
  const { files, setUp, commands } = readTutorial(page)

  test('ends with what is in its folder', () => {
    const names = readdirSync(folder).filter((name) => !around.includes(name))
    expect(names.sort()).toEqual([...files.keys()].sort())
    for (const [name, text] of files) expect(text).toBe(readFileSync(join(folder, name), 'utf8'))
  })

  test('installs and runs what the folder installs and runs', () => {
    const { dependencies, devDependencies, scripts } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    )
    const installs = (start: string) =>
      setUp.flatMap((line) => (line.startsWith(start) ? line.slice(start.length).split(' ') : []))
    expect(
      installs('npm install @')
        .map((name, index) => (index === 0 ? `@${name}` : name))
        .sort(),
    ).toEqual(Object.keys(dependencies).sort())
    expect(installs('npm install --save-dev ').sort()).toEqual(Object.keys(devDependencies).sort())
    const runs = commands.map((line) =>
      line.replace('npx ', '').replace('@nanopeer/server', 'nanopeer-server'),
    )
    expect(Object.values(scripts).sort()).toEqual(runs.sort())
  })
})

test('every hook has a page', () => {
  const exported = readFileSync(join(repository, 'packages/react/src/index.ts'), 'utf8')
  const hooks = [...exported.matchAll(/'\.\/(use-(?!view)[\w-]+)'/g)].map(([, name = '']) => name)
  expect(hooks.length).toBeGreaterThan(10)
  // Two that are used together have one.
  const folder = join(repository, 'docs', 'hooks')
  const titles = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8').split('\n')[0])
  for (const hook of hooks) {
    const name = hook.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    expect(titles.filter((title) => title?.includes(`\`${name}\``))).toHaveLength(1)
  }
})

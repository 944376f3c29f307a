/** What is encoded and decoded. A file entry is what the demo's device lists. */
const file = (index: number) => ({
  name: `IMG_${1000 + index}.jpg`,
  size: 2_000_000 + index * 917,
  modified: 1_732_800_000_000 + index * 1000,
  type: 'image/jpeg',
  isFolder: false,
})

const list = <Item>(length: number, item: (index: number) => Item): Item[] =>
  Array.from({ length }, (_, index) => item(index))

/** A text of this many characters that is another one for each index. */
const cut = (text: string, length: number, index: number) =>
  text.repeat(1 + length / text.length).slice(0, length - 3) + String(index).padStart(3, '0')

const nested = (levels: number) => {
  let value: unknown = {}
  for (let level = 0; level < levels; level++) value = { a: value, b: [level] }
  return value
}

export const values: Readonly<Record<string, unknown>> = {
  null: null,
  'an input': { path: '/photos/2024', page: 3 },
  "a request's head": ['files.list', 0, false, null],
  'a READY': [17, 'abcdefghijklmnopqrstuv'],
  '1 file': file(0),
  '100 files': list(100, file),
  '100 files, some fields undefined': list(100, (index) => ({
    ...file(index),
    thumbnail: undefined,
    tags: index % 2 ? undefined : ['a'],
  })),
  '100 unlike objects': list(100, (index) => ({ [`id${index}`]: index, name: `n${index}` })),
  'an object of 1000 fields': Object.fromEntries(list(1000, (index) => [`key${index}`, index])),
  'nested 30 levels': nested(30),
  '1000 integers': list(1000, (index) => index * index),
  '1000 doubles': list(1000, (index) => index / 7),
  '1000 booleans and nulls': list(1000, (index) => (index % 3 === 0 ? null : index % 3 === 1)),
  '100 texts of 12': list(100, (index) => cut('hello world ', 12, index)),
  '100 texts of 40': list(100, (index) => cut('the quick brown fox jumps ', 40, index)),
  '100 texts of 60': list(100, (index) => cut('the quick brown fox jumps ', 60, index)),
  '100 texts of 150': list(100, (index) => cut('the quick brown fox jumps ', 150, index)),
  '100 texts of 500': list(100, (index) => cut('the quick brown fox jumps ', 500, index)),
  '100 texts of 40, umlauts': list(100, (index) => cut('Übergrößenträger für Äpfel ', 40, index)),
  '100 texts of 20, Chinese': list(100, (index) => cut('这是一个用于测试编码器的中文', 20, index)),
  '1 text of 1 MB': 'lorem ipsum dolor sit amet, '.repeat(37_450),
  '1 text of 100 KB, Chinese': '这是一个用于测试'.repeat(4200),
  '1000 dates': list(1000, (index) => new Date(index * 1e9)),
  '100 buffers of 16': list(100, () => new Uint8Array(16)),
  'a buffer of 64 KB': new Uint8Array(65_536).fill(7),
}

/** Names of four letters that nobody has used. */
const fresh = (index: number) => `k${index.toString(36)}`

/** Objects of this many fields, all of whose names are new, with `entries` entries in all. */
const unlike = (entries: number, fields: number) =>
  list(Math.floor((entries - 1) / (fields + 2)), (index) =>
    Object.fromEntries(list(fields, (field) => [fresh(index * fields + field), 0])),
  )

/** The most that one message may hold, in the ways that keep an engine busy or fill its memory. */
export const floods = (entries: number): Readonly<Record<string, () => unknown>> => {
  const pairs = Math.floor((entries - 1) / 2)
  return {
    'one object, all names new': () => Object.fromEntries(list(entries - 1, (index) => [fresh(index), 0])),
    'one object, names that are numbers': () =>
      Object.fromEntries(list(entries - 1, (index) => [String(index * 1000), 0])),
    'objects of 1 field, all names new': () => unlike(entries, 1),
    'objects of 3 fields, all names new': () => unlike(entries, 3),
    'objects of 4 fields, all names new': () => unlike(entries, 4),
    'objects of 8 fields, all names new': () => unlike(entries, 8),
    'objects of 20 fields, all names new': () => unlike(entries, 20),
    'objects of 200 fields, all names new': () => unlike(entries, 200),
    'objects of 8 fields, a quarter of the names new': () =>
      list(Math.floor((entries - 1) / 10), (index) =>
        Object.fromEntries(list(8, (field) => [field < 2 ? fresh(index * 2 + field) : `name${field}`, 0])),
      ),
    'objects of 20 fields, all names new and long': () =>
      // A name of 32 counts three times.
      list(Math.floor((entries - 1) / 62), (index) =>
        Object.fromEntries(list(20, (field) => [fresh(index * 20 + field).padEnd(32, '-'), 0])),
      ),
    'empty objects': () => list(pairs, () => ({})),
    'empty lists': () => list(pairs, () => []),
    dates: () => list(pairs, (index) => new Date(index)),
    'empty buffers': () => list(pairs, () => new ArrayBuffer(0)),
    'Float64Arrays of 1 number': () => list(pairs, () => new Float64Array(1)),
    bigints: () => list(entries - 1, (index) => BigInt(index)),
    'short texts': () => list(entries - 1, (index) => fresh(index)),
    'doubles and texts': () => list(entries - 1, (index) => (index % 2 ? index / 3 : 'a')),
    files: () => list(Math.floor((entries - 1) / 7), file),
  }
}

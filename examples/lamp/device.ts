import { networkInterfaces } from 'node:os'
import { createInterface } from 'node:readline'
import { createPeer, fileKnown, loadIdentity, share } from '@nanopeer/node'
import { map } from 'nanostores'
import { renderUnicodeCompact } from 'uqr'
import { type Lamp, lamp } from './contract'

const known = fileKnown('known.json')
const peer = createPeer('lamp', {
  server: { host: '127.0.0.1', port: 9000 },
  identity: loadIdentity('identity.json'),
  known,
  accept: async (remote) => (await known.list()).some(({ key }) => key === remote.key),
})

const $lamp = map<Lamp>({ isOn: false, brightness: 50 })
$lamp.subscribe(({ isOn, brightness }) => {
  console.log(isOn ? `The lamp is on, at ${brightness} %.` : 'The lamp is off.')
})
// Everybody who is let in may set it, to what a lamp can be.
share(peer, lamp, $lamp, { write: ({ next }) => next.brightness >= 0 && next.brightness <= 100 })

/** This machine in its network, where the phone finds the page. */
const here = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)
const pages = `https://${here?.address ?? 'localhost'}:5173`

function pair() {
  const { $state, replace } = peer.pair()
  $state.subscribe(({ status, code, qr, remote, error }) => {
    if (status === 'waiting') {
      console.log(renderUnicodeCompact(`${pages}/#${qr}`))
      console.log(`Point the phone's camera at it, or open ${pages}/ there and type ${code}`)
    }
    // An id that has a new key: here the key counts, and whoever has it knew the code.
    if (status === 'asking') replace()
    if (status === 'paired') console.log(`Paired with ${remote.id}.`)
    if (status === 'failed') console.log(error.message)
  })
}

async function obey(line: string) {
  const [word, number] = line.trim().split(' ')
  const phones = await known.list()
  const phone = phones[Number(number) - 1]
  if (word === '') pair()
  else if (word === 'revoke' && phone) {
    await peer.revoke(phone.key)
    console.log(`Took ${phone.id} off.`)
  } else console.log(phones.map(({ id }, index) => `${index + 1} ${id}`).join('\n') || 'No phone is paired.')
}

await peer.open()
console.log('Enter pairs a phone, list lists them, revoke 1 takes the first one off.')
createInterface({ input: process.stdin }).on('line', obey)

import { stunServers, turnServer } from '../actors/turn-server'
import { check } from '../check'
import type { NatKind } from '../network/home'
import type { Scenario } from '../scenario'

const wrongTurn: RTCIceServer = { ...turnServer, credential: 'wrong' }

const createDiagnosis = (nat: NatKind): Scenario => ({
  name: `diagnose() knows a ${nat} NAT, a TURN server that relays, and one that refuses, in a page and in Node`,
  nat,
  async run(lab, saw) {
    const { page, device } = await lab.startBoth(stunServers)
    for (const actor of [page, device]) {
      const { nat: found, relay, ms } = await actor.call('diagnose', [...stunServers, turnServer])
      saw(`${actor.id}: NAT ${found}, relay ${relay}, in ${ms} ms`)
      check(found === nat, `${actor.id} takes the NAT for ${found}.`)
      check(relay, `${actor.id} found no relay.`)
      const refused = await actor.call('diagnose', [...stunServers, wrongTurn])
      saw(`${actor.id} with a wrong credential: ${refused.explain}`)
      check(!refused.relay, `${actor.id} found a relay without the right credential.`)
      const report = refused.servers.find(({ kind }) => kind === 'turn')
      check(report?.works === false, `${actor.id} takes the refusing TURN server for a working one.`)
    }
  },
})

export const coneDiagnosis = createDiagnosis('cone')
export const symmetricDiagnosis = createDiagnosis('symmetric')

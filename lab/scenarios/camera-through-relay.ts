import type { Tab } from '../actors/browser'
import { cameraNumber } from '../actors/serve'
import { stunServers, turnServer } from '../actors/turn-server'
import { check, succeeded, tell, untilState } from '../check'
import { deviceId } from '../lab'
import { cutLine, losePackets } from '../network/faults'
import type { Saw, Scenario } from '../scenario'
import { last, until } from '../wait'
import { untilRoute } from './route'

/** How long the line is down, ms. */
const downtime = 5000

/** Pictures that must come for the camera to be seen; two seconds' worth where the machine is idle. */
const enough = 60

const seen = async (page: Tab) => (await page.call('pictures'))[cameraNumber] ?? 0

/** Waits until so many more pictures of the camera have come. */
const untilSeen = async (page: Tab) => {
  const before = await seen(page)
  await until(`${enough} more pictures`, async () => (await seen(page)) >= before + enough)
}

/** Does something to the link, and waits until the same stream goes on. */
const interrupt = async (page: Tab, saw: Saw, what: string, fault: () => Promise<unknown>) => {
  const begun = Date.now()
  await fault()
  await untilState(page, deviceId, 'open', { since: begun })
  await untilSeen(page)
  saw(`${what}: ${tell(await page.call('history', deviceId), begun)}, and the pictures go on`)
}

export const cameraThroughRelay: Scenario = {
  name: 'A camera is watched through TURN, and its pictures go on after the line was cut, and the link',
  nat: 'symmetric',
  async run(lab, saw) {
    const { page, device } = await lab.startPages([...stunServers, turnServer])
    await page.call('connect', deviceId)
    await untilState(page, deviceId, 'open')
    const outcome = await page.call('watch', deviceId)
    succeeded('The request for the camera', outcome)
    await untilSeen(page)
    const { route } = await untilRoute(page)
    saw(`route ${route}, the stream there after ${outcome.took} ms, ${await seen(page)} pictures`)
    check(route === 'relay', `The route is ${route}.`)

    await interrupt(page, saw, 'line cut', async () => {
      const restore = cutLine(lab.pageHome)
      await untilState(page, deviceId, 'unstable')
      await last(downtime)
      restore()
    })
    await interrupt(page, saw, 'link cut', async () => {
      check((await page.call('cutLinks')) === 1, 'There was no link to cut.')
      await untilState(page, deviceId, 'reconnecting')
    })
    check((await untilRoute(page)).route === 'relay', 'The next link goes another way.')

    losePackets(lab.deviceHome, 0.05)
    const media = await until('packets that are lost', async () => {
      const { media } = await page.call('stats', deviceId)
      return media?.received && media.received.packetsLost > 0 && media.received
    })
    saw(`with 5 % lost: ${JSON.stringify(media)}`)

    await page.call('stopWatching')
    const { runs } = await device.call('handled')
    check(runs['lab.camera'] === 1, `The camera was opened ${runs['lab.camera']} times.`)
    await until('the camera is closed', async () => (await device.call('handled')).aborted.length === 1)
  },
}

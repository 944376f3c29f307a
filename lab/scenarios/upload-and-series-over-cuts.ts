import { stunServers } from '../actors/turn-server'
import { check, checkContent, rate, succeeded } from '../check'
import { connectBoth } from '../connected'
import { deviceId } from '../lab'
import type { Scenario } from '../scenario'
import { cutThrice } from './cuts'

const size = 64 * 1024 * 1024
const count = 10_000

export const uploadAndSeriesOverCuts: Scenario = {
  name: 'An upload and a series of 10,000 events survive the same cuts, exact and in order',
  nat: 'cone',
  async run(lab, saw) {
    const { page, device } = await connectBoth(lab, stunServers)
    const series = page.call('series', deviceId, count, 1)
    const upload = page.call('upload', deviceId, 3, size)
    await cutThrice(lab, saw, page, 'uploaded', size)
    const outcome = await upload
    await checkContent('The upload', succeeded('The upload', outcome), 3, size)
    const events = await series
    const { count: came, wrong } = succeeded('The series', events)
    saw(`${rate(size, outcome.took)}, SHA-256 equal; ${came} events in ${(events.took / 1000).toFixed(1)} s`)
    check(came === count, `${came} events came instead of ${count}.`)
    check(wrong === null, `Event ${wrong} came out of its turn.`)
    const { runs } = await device.call('handled')
    check(runs['lab.upload'] === 1 && runs['lab.series'] === 1, `Handlers ran ${JSON.stringify(runs)} times.`)
  },
}

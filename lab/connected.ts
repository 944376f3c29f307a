import type { Tab } from './actors/browser'
import type { NodeDevice } from './actors/node-device'
import type { ActorSettings } from './actors/settings'
import { untilState } from './check'
import { deviceId, type Lab } from './lab'

/** A page and a device with a link between them, dialled by the page. */
export const connectBoth = async (
  lab: Lab,
  iceServers: ActorSettings['iceServers'],
): Promise<{ page: Tab; device: NodeDevice }> => {
  const both = await lab.startBoth(iceServers)
  await both.page.call('connect', deviceId)
  await untilState(both.page, deviceId, 'open')
  await untilState(both.device, both.page.id, 'open')
  return both
}

import type { KnownRemote } from '../../base/known'
import type { PairingHost } from '../../engine'
import { contextOf, notKept } from './context'
import { showCode } from './host'
import { joinByCode } from './joiner'

/**
 * Pairs, by showing a code or by the one that was typed. Rejects with a `NanopeerError`.
 *
 * @param typed null to show one
 */
export const pair = async (host: PairingHost, typed: string | null): Promise<KnownRemote> => {
  try {
    const context = await contextOf(host)
    if (host.signal.aborted) throw host.signal.reason
    return await (typed === null ? showCode(context) : joinByCode(context, typed))
  } catch (error) {
    throw notKept(error)
  }
}

import type { DiagnoseEnvironment, DiagnoseOptions, Diagnosis } from './base/diagnosis'
import { load } from './base/load'

/**
 * Finds out why devices can, or cannot, reach this one: which addresses it has, what kind of NAT it is behind, and
 * which STUN or TURN server fails and why. Its code is loaded when it is called.
 *
 * Rejects with `UNSUPPORTED` where there is no WebRTC, and with `NETWORK` when an `iceServers` function fails, or
 * no connection can be made to ask the servers with.
 *
 * @param environment - how this WebRTC implementation differs from a browser's; `@nanopeer/node` passes its own.
 * @example
 * const { nat, servers, explain } = await diagnose({ iceServers })
 * console.log(nat, explain)
 */
export const diagnose = async (
  options: DiagnoseOptions = {},
  environment: DiagnoseEnvironment = {},
): Promise<Diagnosis> => {
  const { run } = await load('nanopeer for diagnose', () => import('./engine/diagnose/diagnose'), 'run')
  return run(options, environment)
}

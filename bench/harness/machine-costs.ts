import { readFileSync } from 'node:fs'
import type { Namespace } from '../../lab/network/namespaces'

/** What machines of a long path have spent, all of them together. */
export interface MachineCosts {
  /** Seconds of a processor, of all their processes. */
  readonly processor: number
  /** Datagrams that had arrived and that a socket had no room for: nothing of the path lost these. */
  readonly overrun: number
}

/** Linux counts in hundredths of a second for whoever reads /proc, whatever the kernel's own clock. */
const ticksPerSecond = 100

export function costsOf(machines: readonly Namespace[]): MachineCosts {
  let processor = 0
  let overrun = 0
  for (const machine of machines) {
    for (const pid of new Set(machine.ip('netns', 'pids', machine.name).split('\n').filter(Boolean))) {
      processor += ticksOf(pid) / ticksPerSecond
    }
    overrun += overrunOf(machine.execute('cat', '/proc/net/snmp'))
  }
  return { processor, overrun }
}

/** `utime` and `stime`; 0 for one that has ended meanwhile. Source: proc_pid_stat(5), fields 14 and 15. */
function ticksOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return Number(fields[11]) + Number(fields[12])
  } catch {
    return 0
  }
}

/** `RcvbufErrors` of UDP. */
function overrunOf(snmp: string): number {
  const [names = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith('Udp:'))
    .map((line) => line.split(' '))
  return Number(values[names.indexOf('RcvbufErrors')] ?? 0)
}

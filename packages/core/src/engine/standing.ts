import type { Standing } from '../base/transport'

const ranks: Record<Standing, number> = { stranger: 0, known: 1, proved: 2 }

/**
 * Which of these makes room for a newcomer: the oldest of those of whom least is known; none where more is known of all of
 * them than of the newcomer.
 *
 * @param all oldest first
 */
export const firstToGo = <Entry extends { readonly standing: Standing }>(
  all: readonly Entry[],
  newcomer: Standing,
): Entry | undefined => {
  const least = Math.min(...all.map(({ standing }) => ranks[standing]))
  return least > ranks[newcomer] ? undefined : all.find(({ standing }) => ranks[standing] === least)
}

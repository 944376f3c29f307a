import { type Figure, judge, type Result, type Target } from '../harness/scenario'
import type { Run } from './history'
import { plain } from './plain.mjs'

const targetOf = (target: Target | undefined): string => {
  if (!target) return ''
  return 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`
}

function row(result: Result, figure: Figure, before: Run | undefined): string[] {
  const then = before?.value[figure.name ?? 'value']
  return [
    figure.name ? `${result.key}, ${figure.name}` : result.key,
    `${plain(figure.value)} ${figure.unit}`,
    then === undefined ? '' : plain(then),
    targetOf(figure.target),
    result.aa === 1 ? '' : plain(result.aa),
    judge(figure, result.aa) ?? '',
  ]
}

const head = ['figure', 'value', 'recorded', 'target', 'A/A', '']

/**
 * The results as a table for a terminal, and under it what each contestant did.
 *
 * @param recorded the last run that was recorded of each result, where there is one
 */
export function tableOf(results: readonly Result[], recorded: readonly (Run | undefined)[]): string {
  const rowsOf = (result: Result, index: number) =>
    result.figures.map((figure) => row(result, figure, recorded[index]))
  const rows = [head, ...results.flatMap(rowsOf)]
  const widths = head.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        column === 0 || column === head.length - 1
          ? cell.padEnd(widths[column] ?? 0)
          : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [...rows.map(line), '', ...results.flatMap(details)].join('\n')
}

function details({ key, title, medians, unit, note }: Result): string[] {
  const contestants = Object.entries(medians ?? {}).map(([name, value]) => `${name} ${plain(value)}`)
  return [
    `${key}: ${title}.`,
    ...(contestants.length > 0 ? [`    ${contestants.join(' · ')} (${unit})`] : []),
    ...(note ? [`    ${note}`] : []),
  ]
}

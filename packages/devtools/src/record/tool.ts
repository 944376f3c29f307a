import type { DevtoolsHook } from '@nanopeer/core'
import { Faults } from '../faults/faults'
import { Recorder } from './recorder'

/** What a page has one of, however many copies of this package it has loaded. */
export interface Tool {
  readonly recorder: Recorder
  readonly faults: Faults
}

const hookName = Symbol.for('nanopeer.devtools')
const toolName = Symbol.for('nanopeer.devtools.tool')
const scope = globalThis as unknown as { [hookName]?: DevtoolsHook; [toolName]?: Tool }

/** The page's tool, once one was started. */
export const theTool = (): Tool | undefined => scope[toolName]

/** Begins to write down what happens in this page; null where another copy does already. */
export const startTool = (): Tool | null => {
  if (scope[toolName]) return null
  const tool: Tool = { recorder: new Recorder(), faults: new Faults() }
  scope[toolName] = tool
  const hook = scope[hookName] ?? { sources: [] }
  scope[hookName] = hook
  for (const source of hook.sources) tool.recorder.attach(source)
  const { onSource } = hook
  hook.onSource = (source) => {
    onSource?.(source)
    tool.recorder.attach(source)
  }
  hook.wrapTransport = (transport) => tool.faults.wrap(transport)
  return tool
}

import type { Connection } from '@nanopeer/core'
import { useRemoteStore } from '@nanopeer/react'
import { lamp } from './contract'

export function LampSwitch({ connection }: { connection: Connection | null }) {
  const { value, isStale, setKey } = useRemoteStore(connection, lamp)
  if (!value) return null
  return (
    <fieldset disabled={isStale}>
      <button type="button" aria-pressed={value.isOn} onClick={() => setKey('isOn', !value.isOn)}>
        {value.isOn ? 'Turn it off' : 'Turn it on'}
      </button>{' '}
      <label>
        {value.brightness} %{' '}
        <input
          type="range"
          value={value.brightness}
          onChange={({ target }) => setKey('brightness', target.valueAsNumber)}
        />
      </label>
    </fieldset>
  )
}

let isWarned = false

/** A component without runes, or what was taken out of a hook's object, shows its first value for ever, and does not say so. */
export function warnAboutRunes(): void {
  if (isWarned) return
  isWarned = true
  console.warn(
    'nanopeer: what a hook gives has changed, and nothing follows it. A component needs runes (`<svelte:options runes />`) ' +
      'and reads `nas.status`, not a `status` that was taken out of it; without runes, use the stores: `$nasStatus`.',
  )
}

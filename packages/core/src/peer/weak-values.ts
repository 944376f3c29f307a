/** A map that keeps none of its values alive: an entry goes when its value is collected. */
export class WeakValues<Value extends WeakKey> {
  private readonly references = new Map<string, WeakRef<Value>>()
  private readonly registry = new FinalizationRegistry<string>((key) => {
    // Another value may have taken its place.
    if (!this.references.get(key)?.deref()) this.references.delete(key)
  })

  get(key: string): Value | undefined {
    return this.references.get(key)?.deref()
  }

  set(key: string, value: Value): void {
    this.references.set(key, new WeakRef(value))
    this.registry.register(value, key)
  }

  values(): Value[] {
    return [...this.references.values()].flatMap((reference) => reference.deref() ?? [])
  }
}

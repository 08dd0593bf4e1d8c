type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** A change without the fields that were not given: a store must not take `undefined` for a value. */
export function presentFields<T extends object>(change: T): Present<T> {
  const present: Present<T> = {};
  // The cast holds: a value that is not undefined. A loop, because every message comes by here.
  for (const field in change)
    if (change[field] !== undefined) present[field] = change[field] as Present<T>[typeof field];
  return present;
}

/** A library between a process and the system, and what it is told. */
export interface Layer {
  /** Undefined: this machine has none. */
  readonly library: string | undefined;
  readonly variables: Readonly<Record<string, string>>;
}

/** The environment of a process under these layers, the first one nearest to it. */
export function environmentUnder(...layers: readonly Layer[]): Readonly<Record<string, string>> {
  const present = layers.filter(({ library }) => library !== undefined);
  const preload = present.map(({ library }) => library).join(':');
  const variables = Object.fromEntries(present.flatMap((layer) => Object.entries(layer.variables)));
  return preload === '' ? variables : { ...variables, LD_PRELOAD: preload };
}

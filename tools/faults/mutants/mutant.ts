/** A fault that is put into a copy of the source: the text stands there exactly once. */
export interface Mutant {
  readonly name: string;
  /** The rule of the architecture (S1 … S16) that it breaks, and the known flaw of other designs (P1 … P19) that it is. */
  readonly breaks: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

export const mutant = (name: string, breaks: string, file: string, find: string, put: string): Mutant => ({
  name,
  breaks,
  file,
  find,
  put,
});

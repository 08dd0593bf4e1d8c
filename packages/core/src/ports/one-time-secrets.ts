/** Secrets that live for seconds or minutes: socket tickets, login codes. Not durable: after a restart people ask again. Bounded: the oldest go first. */
export interface OneTimeSecrets {
  /** Replaces a secret under the same name. `value` is what `take` returns. */
  put(name: string, secretDigest: string, value: string, expiresAt: number): Promise<void>;
  /** The value, once; a wrong secret counts as an attempt and after `attemptsMax` the secret is gone. */
  take(name: string, secretDigest: string, at: number, attemptsMax: number): Promise<string | undefined>;
}

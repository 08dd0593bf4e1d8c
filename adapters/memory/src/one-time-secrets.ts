import type { OneTimeSecrets } from '@parley/core';

interface Secret {
  readonly digest: string;
  readonly value: string;
  readonly expiresAt: number;
  wrongAttempts: number;
}

export class MemoryOneTimeSecrets implements OneTimeSecrets {
  readonly #secretsMax: number;
  /** In the order of putting: the first is the oldest. */
  readonly #secrets = new Map<string, Secret>();

  constructor(options: { readonly secretsMax?: number } = {}) {
    this.#secretsMax = options.secretsMax ?? 100_000;
  }

  async put(name: string, digest: string, value: string, expiresAt: number): Promise<void> {
    this.#secrets.delete(name);
    this.#secrets.set(name, { digest, value, expiresAt, wrongAttempts: 0 });
    for (const oldest of this.#secrets.keys()) {
      if (this.#secrets.size <= this.#secretsMax) break;
      this.#secrets.delete(oldest);
    }
  }

  async take(name: string, digest: string, at: number, attemptsMax: number): Promise<string | undefined> {
    const secret = this.#secrets.get(name);
    if (secret === undefined) return undefined;
    if (secret.expiresAt <= at) {
      this.#secrets.delete(name);
      return undefined;
    }
    // Two digests are compared: the time that this takes tells nothing about the secret.
    if (secret.digest === digest) {
      this.#secrets.delete(name);
      return secret.value;
    }
    secret.wrongAttempts += 1;
    if (secret.wrongAttempts >= attemptsMax) this.#secrets.delete(name);
    return undefined;
  }
}

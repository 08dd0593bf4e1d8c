import { createHash } from 'node:crypto';
import type { AccessClaims } from '@parley/core';

/** Claims of tokens whose signature was checked, by the token's digest: the token itself is not kept. Beyond `entriesMax` the oldest goes. */
export class VerifiedTokens {
  readonly #entriesMax: number;
  readonly #claims = new Map<string, AccessClaims>();

  constructor(entriesMax: number) {
    this.#entriesMax = entriesMax;
  }

  get size(): number {
    return this.#claims.size;
  }

  /** Claims that have not run out at `at` (Unix ms). */
  find(token: string, at: number): AccessClaims | undefined {
    const digest = digestOf(token);
    const claims = this.#claims.get(digest);
    if (claims === undefined || claims.expiresAt > at) return claims;
    this.#claims.delete(digest);
    return undefined;
  }

  remember(token: string, claims: AccessClaims): void {
    if (this.#claims.size >= this.#entriesMax) {
      const oldest = this.#claims.keys().next();
      if (!oldest.done) this.#claims.delete(oldest.value);
    }
    this.#claims.set(digestOf(token), claims);
  }
}

const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64');

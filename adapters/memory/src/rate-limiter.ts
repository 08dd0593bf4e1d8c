import type { RateLimit, RateLimiter, RateVerdict } from '@parley/core';

interface Window {
  readonly beganAt: number;
  used: number;
}

/** Counts in windows that begin with the first use of a key. Across the edge of two windows twice the count may pass. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #keysMax: number;
  /** In the order of use: the first key was not used for longest. */
  readonly #windows = new Map<string, Window>();

  constructor(options: { readonly keysMax?: number } = {}) {
    this.#keysMax = options.keysMax ?? 100_000;
  }

  take(key: string, limit: RateLimit, at: number): RateVerdict {
    const window = this.#windowOf(key, limit, at);
    this.#windows.delete(key);
    this.#windows.set(key, window);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= this.#keysMax) break;
      this.#windows.delete(oldest);
    }
    const verdict = verdictOn(window, limit, at);
    if (!verdict.allowed) return verdict;
    window.used += 1;
    return { ...verdict, remaining: verdict.remaining - 1 };
  }

  peek(key: string, limit: RateLimit, at: number): RateVerdict {
    return verdictOn(this.#windowOf(key, limit, at), limit, at);
  }

  #windowOf(key: string, { windowMs }: RateLimit, at: number): Window {
    const known = this.#windows.get(key);
    return known === undefined || at - known.beganAt >= windowMs ? { beganAt: at, used: 0 } : known;
  }
}

const verdictOn = ({ beganAt, used }: Window, { count, windowMs }: RateLimit, at: number): RateVerdict => ({
  allowed: used < count,
  remaining: Math.max(0, count - used),
  resetMs: beganAt + windowMs - at,
});

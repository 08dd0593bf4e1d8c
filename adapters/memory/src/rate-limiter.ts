import type { RateLimit, RateLimiter, RateVerdict } from '@parley/core';

/** Counts in windows that begin with the first use of a key. Across the edge of two windows twice the count may pass. */
export class MemoryRateLimiter implements RateLimiter {
  readonly #keysMax: number;
  /** In the order of use: the first key was not used for longest. */
  readonly #windows = new Map<string, { readonly beganAt: number; used: number }>();

  constructor(options: { readonly keysMax?: number } = {}) {
    this.#keysMax = options.keysMax ?? 100_000;
  }

  take(key: string, limit: RateLimit, at: number): RateVerdict {
    const known = this.#windows.get(key);
    const isOver = known === undefined || at - known.beganAt >= limit.windowMs;
    const window = isOver ? { beganAt: at, used: 0 } : known;
    this.#windows.delete(key);
    this.#windows.set(key, window);
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= this.#keysMax) break;
      this.#windows.delete(oldest);
    }

    const allowed = window.used < limit.count;
    if (allowed) window.used += 1;
    return {
      allowed,
      remaining: Math.max(0, limit.count - window.used),
      resetMs: window.beganAt + limit.windowMs - at,
    };
  }
}

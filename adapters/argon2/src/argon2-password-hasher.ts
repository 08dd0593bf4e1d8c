import { hash, parseOptions, verify } from '@node-rs/argon2';
import { type PasswordHasher, StoreError } from '@parley/core';
import { Turnstile } from './turnstile.ts';

export interface Argon2Options {
  /** Memory of one hash in KiB; default 19,456 (19 MiB, OWASP's first choice for Argon2id). */
  readonly memoryKib?: number;
  /** Passes over the memory; default 2. */
  readonly passes?: number;
  /** Hashes at the same time; default 2. Each holds `memoryKib` and one thread of the pool. */
  readonly concurrencyMax?: number;
  /** Callers that wait for their turn; default 64. One more is refused at once: a queue that nobody outlives helps nobody. */
  readonly waitingMax?: number;
}

/** More than any hash of ours asks for: a planted hash must not make a log-in take gigabytes. */
const STORED_MEMORY_KIB_MAX = 262_144;
const STORED_PASSES_MAX = 16;
const STORED_LANES_MAX = 4;

/** Passwords as Argon2id PHC strings (RFC 9106, one lane). Throws StoreError (`applied: 'no'`) when too many callers wait. */
export class Argon2PasswordHasher implements PasswordHasher {
  readonly #memoryKib: number;
  readonly #passes: number;
  readonly #turnstile: Turnstile;

  constructor({ memoryKib = 19_456, passes = 2, concurrencyMax = 2, waitingMax = 64 }: Argon2Options = {}) {
    this.#memoryKib = memoryKib;
    this.#passes = passes;
    this.#turnstile = new Turnstile({ concurrencyMax, waitingMax });
  }

  hash(password: string): Promise<string> {
    return this.#inTurn(() => hash(password, { memoryCost: this.#memoryKib, timeCost: this.#passes, parallelism: 1 }));
  }

  /** False also for a stored text that is no Argon2id hash of bearable cost: it matches no password. */
  async verify(storedHash: string, password: string): Promise<boolean> {
    if (!isBearable(storedHash)) return false;
    return this.#inTurn(() => verify(storedHash, password));
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const outcome = await this.#turnstile.pass(task);
    if (outcome.kind === 'passed') return outcome.value;
    throw new StoreError('Too many passwords wait to be checked; none was checked for this caller.', {
      applied: 'no',
      retryable: true,
    });
  }
}

function isBearable(storedHash: string): boolean {
  if (!storedHash.startsWith('$argon2id$')) return false;
  try {
    const { memoryCost, timeCost, parallelism } = parseOptions(storedHash);
    return memoryCost <= STORED_MEMORY_KIB_MAX && timeCost <= STORED_PASSES_MAX && parallelism <= STORED_LANES_MAX;
  } catch {
    return false;
  }
}

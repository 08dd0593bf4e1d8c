/** The world outside the rules: time, chance, digests, numbers, logs. */

export interface Clock {
  /** Unix ms. */
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. A pending timer does not keep the process alive. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface Random {
  bytes(count: number): Uint8Array;
  /** In [0, 1). */
  fraction(): number;
}

export interface Digest {
  /** SHA-256 of the UTF-8 text, lower-case hex. */
  sha256Hex(text: string): string;
}

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}
/** Ids belong here, secrets and message content never. */
export type LogFields = Readonly<Record<string, unknown>>;

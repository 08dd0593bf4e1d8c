import type { DeviceId, UserId } from '@parley/protocol';

export interface PasswordHasher {
  /** PHC string. Bounded concurrency: callers wait. */
  hash(password: string): Promise<string>;
  verify(hash: string, password: string): Promise<boolean>;
}

export interface AccessClaims {
  readonly userId: UserId;
  readonly deviceId: DeviceId;
  /** Unix ms. */
  readonly expiresAt: number;
}

/** Short-lived access tokens (JWT, EdDSA; RFC 8725: one algorithm, typ, iss and aud checked). */
export interface TokenSigner {
  sign(claims: AccessClaims): Promise<string>;
  /** `at`: Unix ms now. */
  verify(
    token: string,
    at: number,
  ): Promise<{ readonly kind: 'valid'; readonly claims: AccessClaims } | { readonly kind: 'expired' | 'invalid' }>;
}

/** Brings a login code to a phone. */
export interface CodeSender {
  send(phone: string, code: string): Promise<void>;
}

export interface RateLimit {
  readonly count: number;
  readonly windowMs: number;
}
/** `remaining` and `resetMs` fill the RateLimit header fields. */
export interface RateVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  readonly resetMs: number;
}
/** Counts uses by key, `subject:rest`. Approximate in a cluster; bounded memory: on pressure the oldest keys of the same subject are forgotten (they are then allowed).
 *  Answers come in the order in which they were asked for: messages of one connection wait for it side by side (SEND-10). */
export interface RateLimiter {
  take(key: string, limit: RateLimit, at: number): RateVerdict | Promise<RateVerdict>;
  /** What `take` would answer; counts nothing. */
  peek(key: string, limit: RateLimit, at: number): RateVerdict | Promise<RateVerdict>;
}

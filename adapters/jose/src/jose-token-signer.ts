import { randomUUID } from 'node:crypto';
import type { AccessClaims, Clock, TokenSigner } from '@parley/core';
import { parseDeviceId, parseUserId } from '@parley/protocol';
import { type CryptoKey, errors, importJWK, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { SigningKey } from './signing-key.ts';
import { VerifiedTokens } from './verified-tokens.ts';

export interface JoseTokenSignerOptions {
  readonly key: SigningKey;
  /** Who signs and for whom: a token of another server never passes here (AUTH-4). */
  readonly issuer: string;
  readonly audience: string;
  readonly clock: Pick<Clock, 'now'>;
  /** Verified tokens that are remembered; default 10,000. */
  readonly cacheEntriesMax?: number;
}

const ALGORITHM = 'EdDSA';
/** RFC 9068: keeps other signed JSON (tickets, e-mail links) from passing as an access token. */
const TYPE = 'at+jwt';
const TOKEN_LENGTH_MAX = 4_096;

/** Access tokens as JWT: Ed25519, exactly one algorithm, type, issuer and audience (RFC 8725). Times are whole seconds in a token: `expiresAt` is rounded down. */
export class JoseTokenSigner implements TokenSigner {
  readonly #options: JoseTokenSignerOptions;
  readonly #privateKey: CryptoKey;
  readonly #publicKey: CryptoKey;
  readonly #verified: VerifiedTokens;

  private constructor(options: JoseTokenSignerOptions, privateKey: CryptoKey, publicKey: CryptoKey) {
    this.#options = options;
    this.#privateKey = privateKey;
    this.#publicKey = publicKey;
    this.#verified = new VerifiedTokens(options.cacheEntriesMax ?? 10_000);
  }

  /** Throws when the key is no Ed25519 key. */
  static async open(options: JoseTokenSignerOptions): Promise<JoseTokenSigner> {
    const { kty, crv, x, d } = options.key;
    const privateKey = await importJWK({ kty, crv, x, d }, ALGORITHM);
    const publicKey = await importJWK({ kty, crv, x }, ALGORITHM);
    if (privateKey instanceof Uint8Array || publicKey instanceof Uint8Array)
      throw new Error('The signing key must be an Ed25519 key, not a shared secret.');
    return new JoseTokenSigner(options, privateKey, publicKey);
  }

  sign({ userId, deviceId, expiresAt }: AccessClaims): Promise<string> {
    const { issuer, audience, clock } = this.#options;
    return new SignJWT({
      iss: issuer,
      aud: audience,
      sub: userId,
      device_id: deviceId,
      iat: Math.floor(clock.now() / 1_000),
      exp: Math.floor(expiresAt / 1_000),
      jti: randomUUID(),
    })
      .setProtectedHeader({ alg: ALGORITHM, typ: TYPE })
      .sign(this.#privateKey);
  }

  async verify(
    token: string,
    at: number,
  ): Promise<{ readonly kind: 'valid'; readonly claims: AccessClaims } | { readonly kind: 'expired' | 'invalid' }> {
    if (token.length > TOKEN_LENGTH_MAX) return { kind: 'invalid' };
    const known = this.#verified.find(token, at);
    if (known !== undefined) return { kind: 'valid', claims: known };
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: [ALGORITHM],
        typ: TYPE,
        issuer: this.#options.issuer,
        audience: this.#options.audience,
        requiredClaims: ['iss', 'aud', 'sub', 'device_id', 'iat', 'exp', 'jti'],
        currentDate: new Date(at),
      });
      const claims = claimsOf(payload);
      if (claims === undefined) return { kind: 'invalid' };
      this.#verified.remember(token, claims);
      return { kind: 'valid', claims };
    } catch (error) {
      // jose checks the signature before the time, so an expired token was once a good one.
      if (error instanceof errors.JWTExpired) return { kind: 'expired' };
      if (error instanceof errors.JOSEError) return { kind: 'invalid' };
      throw error;
    }
  }
}

function claimsOf({ sub, device_id, exp }: JWTPayload): AccessClaims | undefined {
  if (typeof sub !== 'string' || typeof device_id !== 'string' || exp === undefined) return undefined;
  const userId = parseUserId(sub);
  const deviceId = parseDeviceId(device_id);
  return userId && deviceId && { userId, deviceId, expiresAt: exp * 1_000 };
}

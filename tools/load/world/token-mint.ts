import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceId, UserId } from '@parley/protocol';

/** A bench lasts longer than a token of the server's own. */
const LIFETIME_S = 3 * 3_600;

interface SecretsFile {
  readonly signing_key: Readonly<Record<string, string>>;
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Access tokens signed with the server's own key, as whoever holds the data folder can make them: registering or logging in thousands of people would cost a password
 * hash each. The server checks them like its own.
 */
export class TokenMint {
  readonly #key: KeyObject;
  readonly #header: string;
  readonly #claims: Readonly<Record<string, unknown>>;

  /** `sample`: a token that the server gave; issuer, audience and header are taken from it. */
  constructor(dataDirectory: string, sample: string) {
    // The casts hold as far as the server keeps its own formats: a refused token ends the bench with the server's words.
    const secrets = JSON.parse(readFileSync(join(dataDirectory, 'secrets.json'), 'utf8')) as SecretsFile;
    this.#key = createPrivateKey({ key: { ...secrets.signing_key }, format: 'jwk' });
    const [header = '', claims = ''] = sample.split('.');
    this.#header = header;
    this.#claims = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  }

  tokenFor(userId: UserId, deviceId: DeviceId): string {
    const now = Math.floor(Date.now() / 1_000);
    const claims = {
      ...this.#claims,
      sub: userId,
      device_id: deviceId,
      iat: now,
      exp: now + LIFETIME_S,
      jti: randomUUID(),
    };
    const signed = `${this.#header}.${encode(claims)}`;
    return `${signed}.${sign(null, Buffer.from(signed), this.#key).toString('base64url')}`;
  }
}

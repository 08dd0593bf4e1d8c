import { exportJWK, generateKeyPair } from 'jose';

/** A private Ed25519 key as a JWK (RFC 8037). Secret: never log it. */
export interface SigningKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** Public half, base64url. */
  readonly x: string;
  /** Private half, base64url. */
  readonly d: string;
}

/** A fresh key for a server that has none yet; the composition root stores it. */
export async function generateSigningKey(): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x, d } = await exportJWK(privateKey);
  if (x === undefined || d === undefined) throw new Error('The new Ed25519 key has no private half.');
  return { kty: 'OKP', crv: 'Ed25519', x, d };
}

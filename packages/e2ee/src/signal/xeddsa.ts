import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../bytes/bytes.ts';

/** XEdDSA (Signal, revision 1): Ed25519 signatures with keys of the X25519 form. Only Signal's profile has such keys. */

const { Fn, Fp, BASE } = ed25519.Point;

/** hash1 of §2.6: a prefix that no encoded point has. */
const HASH1_PREFIX = Uint8Array.of(0xfe, ...new Uint8Array(31).fill(0xff));

function scalarOfHash(...parts: readonly Uint8Array[]): bigint {
  return Fn.create(numberOfBytes(sha512(concatBytes(...parts))));
}

/** Little-endian. */
function numberOfBytes(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte);
  return value;
}

function clampedScalar(secretKey: Uint8Array): bigint {
  const bytes = secretKey.slice();
  bytes[0] = (bytes[0] ?? 0) & 248;
  bytes[31] = ((bytes[31] ?? 0) & 127) | 64;
  return Fn.create(numberOfBytes(bytes));
}

/** 64-byte signature; `random`: 64 fresh bytes. */
export function signXEdDsa(secretKey: Uint8Array, message: Uint8Array, random: Uint8Array): Uint8Array {
  const scalar = clampedScalar(secretKey);
  const isNegative = (BASE.multiply(scalar).toBytes()[31] ?? 0) >= 128;
  const a = isNegative ? Fn.neg(scalar) : scalar;
  const publicKey = BASE.multiply(a).toBytes();
  const r = scalarOfHash(HASH1_PREFIX, Fn.toBytes(a), message, random);
  const commitment = BASE.multiply(r).toBytes();
  const h = scalarOfHash(commitment, publicKey, message);
  return concatBytes(commitment, Fn.toBytes(Fn.add(r, Fn.mul(h, a))));
}

/** Accepts the sign of the Edwards point in the top bit, where libsignal puts it; the specification has zero there. */
export function verifyXEdDsa(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== 32 || signature.length !== 64) return false;
  const u = Fp.create(numberOfBytes(publicKey) & ((1n << 255n) - 1n));
  if (Fp.eql(u, Fp.neg(Fp.ONE))) return false;
  const edwardsKey = Fp.toBytes(Fp.mul(Fp.sub(u, Fp.ONE), Fp.inv(Fp.add(u, Fp.ONE))));
  const sign = (signature[63] ?? 0) & 128;
  edwardsKey[31] = (edwardsKey[31] ?? 0) | sign;
  const plain = signature.slice();
  plain[63] = (plain[63] ?? 0) & 127;
  try {
    return ed25519.verify(plain, message, edwardsKey, { zip215: false });
  } catch {
    return false;
  }
}

import type { ProtobufField } from './protobuf-fields.ts';

/** High half: the version of this message. Low half: the newest version its sender knows. */
export const SIGNAL_VERSION = 0x33;

export const isSignalVersion = (bytes: Uint8Array): boolean => (bytes[0] ?? 0) >> 4 === SIGNAL_VERSION >> 4;

const CURVE25519_TYPE = 5;

/** A type byte and the 32 bytes of the key: how Signal writes public keys. */
export const typedCurveKey = (publicKey: Uint8Array): Uint8Array => Uint8Array.of(CURVE25519_TYPE, ...publicKey);

export function curveKeyOf(field: ProtobufField | undefined): Uint8Array | undefined {
  const isKey = field instanceof Uint8Array && field.length === 33 && field[0] === CURVE25519_TYPE;
  return isKey ? field.slice(1) : undefined;
}

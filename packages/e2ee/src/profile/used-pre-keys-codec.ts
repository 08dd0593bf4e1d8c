import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { UsedPreKeys } from './profile.ts';

const KEM_USES = [undefined, 'one_time', 'last_resort'] as const;

export function writeUsed(writer: ByteWriter, used: UsedPreKeys): void {
  writer.varint(used.signedPreKeyId).optional(used.oneTimePreKeyId, (id) => writer.varint(id));
  writer.byte(KEM_USES.indexOf(used.kem?.use));
  if (used.kem !== undefined) writer.varint(used.kem.keyId).raw(used.kem.ciphertext);
}

export function readUsed(reader: ByteReader): UsedPreKeys {
  const readId = () => reader.varint(E2EE_LIMITS.preKeyIdMax);
  const signedPreKeyId = readId();
  const oneTimePreKeyId = reader.optional(readId);
  const use = KEM_USES[reader.choice(KEM_USES.length)];
  const kem = use && { use, keyId: readId(), ciphertext: reader.raw(KEY_BYTES.mlKem768Ciphertext) };
  return { signedPreKeyId, oneTimePreKeyId, kem };
}

import { parseBytes } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { SecretBytes } from '../bytes/secret-bytes.ts';
import { KEY_BYTES } from '../crypto/crypto-provider.ts';
import {
  type OneTimePreKeys,
  type RotatingPreKeys,
  readKemSecret,
  readKeyPair,
  writeKemSecret,
  writeKeyPair,
} from '../handshake/pre-keys.ts';
import type { PreKeySecrets } from '../handshake/respond.ts';
import { E2EE_LIMITS } from '../limits.ts';
import type { UsedPreKeys } from '../profile/profile.ts';
import { recordNames } from '../store/record-names.ts';
import type { DeviceContext } from './device-context.ts';
import type { DurableStep } from './durable-step.ts';
import { readParsed } from './session-records.ts';

export interface PreKeyState {
  /** Ids rise and are never used twice. */
  readonly nextKeyId: number;
  /** The current keys first, then replaced ones that still answer. */
  readonly rotating: readonly RotatingPreKeys[];
}

const FORM_VERSION = 1;

export async function readPreKeyState(step: DurableStep): Promise<PreKeyState> {
  const parse = (bytes: Uint8Array): PreKeyState | undefined =>
    parseBytes(bytes, (reader) => {
      reader.expect(reader.byte() === FORM_VERSION);
      return {
        nextKeyId: reader.varint(),
        rotating: reader.list(E2EE_LIMITS.replacedPreKeysMax + 1, () => ({
          keyId: reader.varint(),
          createdAtMs: reader.varint(),
          signedPreKey: readKeyPair(reader),
          lastResort: readKemSecret(reader),
        })),
      };
    });
  return (await readParsed(step, recordNames.rotatingPreKeys, parse)) ?? { nextKeyId: 1, rotating: [] };
}

export function writePreKeyState(step: DurableStep, state: PreKeyState): void {
  const writer = new ByteWriter(4_096).byte(FORM_VERSION).varint(state.nextKeyId);
  writer.list(state.rotating, (keys) => {
    writer.varint(keys.keyId).varint(keys.createdAtMs);
    writeKeyPair(writer, keys.signedPreKey);
    writeKemSecret(writer, keys.lastResort);
  });
  step.write(recordNames.rotatingPreKeys, writer.finish());
}

/** Without the KEM's public key, which follows from the seed: 128 bytes a pair. */
export function writeOneTimePreKeys(keys: OneTimePreKeys): Uint8Array {
  const writer = new ByteWriter(160);
  writeKeyPair(writer, keys.curve);
  return writer.raw(keys.kem.seed.reveal()).finish();
}

const readOneTimePreKeys = (bytes: Uint8Array) =>
  parseBytes(bytes, (reader) => ({
    curve: readKeyPair(reader),
    seed: new SecretBytes(reader.raw(KEY_BYTES.mlKem768Seed)),
  }));

/**
 * A key is replaced at most a rotation's age after its making, so its age says when it was. The age counts also where no rotation
 * ran, on a device that was away: a key that outlived the memory of its handshakes would let one of them be played again.
 */
export const isAnswering = ({ createdAtMs }: RotatingPreKeys, nowMs: number): boolean =>
  nowMs - createdAtMs < E2EE_LIMITS.signedPreKeyAgeMsMax + E2EE_LIMITS.replacedPreKeyAgeMsMax;

/** The secrets for one initial message; what is missing was used before, has expired, or was never ours. */
export async function findPreKeySecrets(
  { provider, profile }: DeviceContext,
  step: DurableStep,
  used: UsedPreKeys,
  nowMs: number,
): Promise<PreKeySecrets> {
  const rotating = (await readPreKeyState(step)).rotating.filter((keys) => isAnswering(keys, nowMs));
  const signed = rotating.find((keys) => keys.keyId === used.signedPreKeyId);
  const { oneTimePreKeyId, kem } = used;
  const isOnePair = kem?.use === 'one_time' && kem.keyId === oneTimePreKeyId;
  const oneTime =
    oneTimePreKeyId === undefined || (kem !== undefined && !isOnePair)
      ? undefined
      : await readParsed(step, recordNames.oneTimePreKey(oneTimePreKeyId), readOneTimePreKeys);
  const oneTimeKem = async () =>
    oneTime && { publicKey: await provider.mlKem768.publicKey(oneTime.seed.reveal()), seed: oneTime.seed };
  const lastResort = () => rotating.find((keys) => keys.keyId === kem?.keyId)?.lastResort;
  const isPostQuantum = profile.handshake === 'pqxdh' && kem !== undefined;
  return {
    signedPreKey: signed?.signedPreKey,
    oneTimePreKey: oneTime?.curve,
    kemPreKey: !isPostQuantum ? undefined : kem.use === 'one_time' ? await oneTimeKem() : lastResort(),
  };
}

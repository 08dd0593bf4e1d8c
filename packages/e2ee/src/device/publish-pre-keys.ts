import type { SignedKey } from '../handshake/pre-key-bundle.ts';
import {
  generateOneTimePreKeys,
  generateRotatingPreKeys,
  type RotatingPreKeys,
  signPreKey,
} from '../handshake/pre-keys.ts';
import type { PublicIdentity } from '../identity/device-identity.ts';
import { E2EE_LIMITS } from '../limits.ts';
import { recordNames } from '../store/record-names.ts';
import type { DeviceContext } from './device-context.ts';
import type { DurableStep } from './durable-step.ts';
import { isAnswering, readPreKeyState, writeOneTimePreKeys, writePreKeyState } from './pre-key-records.ts';

/** Public keys to upload. Their secrets are durable: whoever gets these keys can be answered. */
export interface PreKeyUpload {
  readonly identity: PublicIdentity;
  readonly signedPreKey: SignedKey;
  readonly lastResort: SignedKey;
  readonly oneTime: readonly OneTimeUpload[];
}

/** One curve key and one KEM key under one id; the server hands the pair out once. */
export interface OneTimeUpload {
  readonly keyId: number;
  readonly curveKey: Uint8Array;
  readonly kem: SignedKey;
}

export interface PublishRequest {
  /** How many one-time keys the server still has; made up to `oneTimePreKeysTarget`, at most `oneTimePreKeysPerUpload` at once. */
  readonly oneTimeKeysLeft: number;
  /** Unix ms. */
  readonly nowMs: number;
}

/** Makes what is missing and rotates what is old (R8): signed pre-key and last-resort key weekly, the old ones answer for 30 days. */
export async function publishPreKeys(
  context: DeviceContext,
  step: DurableStep,
  { oneTimeKeysLeft, nowMs }: PublishRequest,
): Promise<PreKeyUpload> {
  const { provider, profile, self } = context;
  const state = await readPreKeyState(step);
  const [newest] = state.rotating;
  const isDue = newest === undefined || nowMs - newest.createdAtMs >= E2EE_LIMITS.signedPreKeyAgeMsMax;
  const current = isDue ? await generateRotatingPreKeys(provider, state.nextKeyId, nowMs) : newest;
  const rotating = isDue ? [current, ...stillAnswering(state.rotating, nowMs)] : state.rotating;

  const firstKeyId = state.nextKeyId + (isDue ? 1 : 0);
  const wanted = Math.max(0, E2EE_LIMITS.oneTimePreKeysTarget - oneTimeKeysLeft);
  const count = Math.min(wanted, E2EE_LIMITS.oneTimePreKeysPerUpload);
  const oneTime: OneTimeUpload[] = [];
  for (let keyId = firstKeyId; keyId < firstKeyId + count; keyId += 1) {
    const keys = await generateOneTimePreKeys(provider, keyId);
    const name = recordNames.oneTimePreKey(keyId);
    await step.read(name);
    step.write(name, writeOneTimePreKeys(keys));
    oneTime.push({
      keyId,
      curveKey: keys.curve.publicKey,
      kem: await signPreKey(profile, self, 'kem_one_time', keyId, keys.kem.publicKey),
    });
  }
  writePreKeyState(step, { nextKeyId: firstKeyId + count, rotating });
  await removeForgotten(context, step);
  const { keyId } = current;
  return {
    identity: self.publicIdentity,
    signedPreKey: await signPreKey(profile, self, 'signed_pre_key', keyId, current.signedPreKey.publicKey),
    lastResort: await signPreKey(profile, self, 'kem_last_resort', keyId, current.lastResort.publicKey),
    oneTime,
  };
}

const stillAnswering = (keys: readonly RotatingPreKeys[], nowMs: number): readonly RotatingPreKeys[] =>
  keys.filter((each) => isAnswering(each, nowMs)).slice(0, E2EE_LIMITS.replacedPreKeysMax);

/** Pairs that were handed out and never used would pile up: beyond `oneTimePreKeysKept` the oldest go. */
async function removeForgotten({ store }: DeviceContext, step: DurableStep): Promise<void> {
  const ids = await store.list('one_time_pre_key', '', E2EE_LIMITS.oneTimePreKeysKept + E2EE_LIMITS.oneTimePreKeysMax);
  for (const id of ids.slice(0, Math.max(0, ids.length - E2EE_LIMITS.oneTimePreKeysKept))) {
    const name = recordNames.oneTimePreKey(Number(id));
    await step.read(name);
    step.remove(name);
  }
}
